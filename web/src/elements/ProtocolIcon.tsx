import { ThemeIcon, Tooltip } from "@mantine/core";
import { Monitor, MonitorSmartphone, SquareTerminal } from "lucide-react";

const ICONS = {
  rdp: { icon: Monitor, color: "blue" },
  vnc: { icon: MonitorSmartphone, color: "grape" },
  ssh: { icon: SquareTerminal, color: "gray" },
  telnet: { icon: SquareTerminal, color: "gray" },
} as const;

export function ProtocolIcon({ protocol, size = 36 }: { protocol: string; size?: number }) {
  const { icon: Icon, color } = ICONS[protocol as keyof typeof ICONS] ?? ICONS.ssh;
  return (
    <Tooltip label={protocol.toUpperCase()}>
      <ThemeIcon
        variant="light"
        color={color}
        size={size}
        radius="md"
        role="img"
        aria-label={protocol.toUpperCase()}
      >
        <Icon size={size * 0.55} aria-hidden="true" />
      </ThemeIcon>
    </Tooltip>
  );
}
