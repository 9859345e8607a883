/** One hold in words, with its release. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Hold } from "../../api/types";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { useReleaseHold } from "./mutations";
import { ReasonModal } from "../../elements/ReasonModal";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

interface Props {
  hold: Hold;
  /** What stands above it, where the recording is not said elsewhere. */
  title?: ReactNode;
}

export function HoldLine({ hold, title }: Props) {
  const may = useMay();
  const [releasing, setReleasing] = useState(false);
  const isActive = hold.released_at === null;
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <Stack gap={4} style={{ flex: "1 1 260px", minWidth: 0 }}>
        <Group gap={8}>
          {title}
          {hold.case_number !== "" && <ToneBadge title={hold.case_number} tone="wait" />}
          {!isActive && <ToneBadge title={TEXTS.released} tone="quiet" />}
        </Group>
        <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
          {hold.reason}
        </Text>
        <Text fz="xs" c="dimmed" component="div">
          {TEXTS.heldBy(hold.owner_name)} <Time at={hold.placed_at} relative />
        </Text>
        {hold.released_at !== null && (
          <Text fz="xs" c="dimmed" component="div" style={{ overflowWrap: "anywhere" }}>
            {TEXTS.releasedBy(hold.released_by_name)} <Time at={hold.released_at} relative />:{" "}
            {hold.release_reason}
          </Text>
        )}
      </Stack>
      {isActive && may("hold.manage") && (
        <Button size="xs" variant="default" onClick={() => setReleasing(true)}>
          {TEXTS.release}
        </Button>
      )}
      {releasing && <ReleaseModal hold={hold} onClose={() => setReleasing(false)} />}
    </Group>
  );
}

function ReleaseModal({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const release = useReleaseHold(hold.id, onClose);
  return (
    <ReasonModal
      title={TEXTS.releaseThisHold}
      action={TEXTS.releaseHold}
      isPending={release.isPending}
      error={release.error}
      onSubmit={release.mutate}
      onClose={onClose}
    >
      {TEXTS.recordingFallsUnderIts}
    </ReasonModal>
  );
}
