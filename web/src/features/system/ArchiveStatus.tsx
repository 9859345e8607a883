/** The archive: its requirements as of the last check, and the recordings waiting for it. */
import { Alert, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { CircleCheck, CircleHelp, CircleMinus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ArchiveReport, Requirement } from "../../api/types";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";

const REQUIREMENT_LABELS: Record<Requirement["requirement"], string> = {
  reachable: "Reachable with the access key",
  clock: "Clocks in sync",
  versioning: "Versioning",
  object_lock: "Object Lock",
  not_public: "Not public",
  round_trip: "Write and read back",
};

const ICONS: Record<Requirement["state"], ReactNode> = {
  met: <CircleCheck size={18} color="var(--mantine-color-gate-6)" role="img" aria-label="met" />,
  unmet: <TriangleAlert size={18} color="var(--mantine-color-red-6)" role="img" aria-label="not met" />,
  not_required: (
    <CircleMinus size={18} color="var(--mantine-color-gray-6)" role="img" aria-label="not required" />
  ),
  not_supported: (
    <CircleHelp size={18} color="var(--mantine-color-yellow-6)" role="img" aria-label="cannot be checked" />
  ),
};

export function ArchiveStatus({ archive }: { archive: ArchiveReport }) {
  return (
    <Stack gap="md">
      <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {archive.place}
        {archive.checked_at && (
          <>
            , checked <Time at={archive.checked_at} relative />
          </>
        )}
      </Text>
      {archive.is_usable === false && (
        <Alert color="red" variant="light" icon={<TriangleAlert size={18} />} title="Archiving is paused">
          <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
            {archive.reason}. Sessions are still recorded; recordings wait on hot storage.
          </Text>
        </Alert>
      )}
      {archive.is_usable === null && (
        <Text fz="sm">Not checked yet. A worker checks the archive when it starts.</Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
        {archive.requirements.map((requirement) => (
          <RequirementRow key={requirement.requirement} requirement={requirement} />
        ))}
      </SimpleGrid>
      <Waiting archive={archive} />
    </Stack>
  );
}

function RequirementRow({ requirement }: { requirement: Requirement }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <span style={{ lineHeight: 0, flexShrink: 0 }}>{ICONS[requirement.state]}</span>
      <div>
        <Text fz="sm" fw={560}>
          {REQUIREMENT_LABELS[requirement.requirement]}
        </Text>
        <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {requirement.detail}
        </Text>
      </div>
    </Group>
  );
}

function Waiting({ archive }: { archive: ArchiveReport }) {
  if (archive.waiting_count === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No recording is waiting for the archive.
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      <Text fz="sm">
        <b className="tabular">{archive.waiting_count.toLocaleString()}</b>{" "}
        {archive.waiting_count === 1 ? "recording is" : "recordings are"} waiting to be archived (
        {bytesText(archive.waiting_bytes)} without an archived copy)
        {archive.oldest_waiting_at && (
          <>
            , the oldest since <Time at={archive.oldest_waiting_at} />
          </>
        )}
        {archive.failed_count > 0 && `; ${archive.failed_count} failed and can be retried from their stages`}.
      </Text>
      {archive.last_error && (
        <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          Last error: {archive.last_error}
        </Text>
      )}
    </Stack>
  );
}
