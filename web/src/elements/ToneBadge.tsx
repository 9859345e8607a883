import { Badge, Tooltip } from "@mantine/core";
import { type Tone } from "../format/words";

const COLOURS: Record<Tone, string> = { ok: "gate", live: "signal", wait: "blue", bad: "red", quiet: "gray" };

interface Props {
  title: string;
  tone: Tone;
  means?: string;
}

export function ToneBadge({ title, tone, means }: Props) {
  const badge = (
    <Badge
      color={COLOURS[tone]}
      variant="light"
      radius="sm"
      tt="none"
      fw={560}
      miw="max-content"
      leftSection={tone === "live" ? <span className="recording-dot" /> : undefined}
    >
      {title}
    </Badge>
  );
  return means ? <Tooltip label={means}>{badge}</Tooltip> : badge;
}
