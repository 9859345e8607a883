/** The archive: its requirements as of the last check, and the recordings waiting for it. */
import { Alert, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { CircleCheck, CircleHelp, CircleMinus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ArchiveReport, Requirement } from "../../api/types";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { REQUIREMENT_WORDS } from "./texts";
import { TEXTS } from "./texts";

const ICONS: Record<Requirement["state"], ReactNode> = {
  met: <CircleCheck size={18} color="var(--mantine-color-gate-6)" role="img" aria-label={TEXTS.met} />,
  unmet: <TriangleAlert size={18} color="var(--mantine-color-red-6)" role="img" aria-label={TEXTS.notMet} />,
  not_required: (
    <CircleMinus size={18} color="var(--mantine-color-gray-6)" role="img" aria-label={TEXTS.notRequired} />
  ),
  not_supported: (
    <CircleHelp
      size={18}
      color="var(--mantine-color-yellow-6)"
      role="img"
      aria-label={TEXTS.cannotBeChecked}
    />
  ),
};

export function ArchiveStatus({ archive }: { archive: ArchiveReport }) {
  return (
    <Stack gap="md">
      <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {archive.place}
        {archive.checked_at && (
          <>
            {TEXTS.checked} <Time at={archive.checked_at} relative />
          </>
        )}
      </Text>
      {archive.is_usable === false && (
        <Alert color="red" variant="light" icon={<TriangleAlert size={18} />} title={TEXTS.archivingIsPaused}>
          <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
            {TEXTS.sessionsAreStillRecorded(archive.reason)}
          </Text>
        </Alert>
      )}
      {archive.is_usable === null && <Text fz="sm">{TEXTS.notCheckedYetWorker}</Text>}
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
          {REQUIREMENT_WORDS[requirement.requirement]}
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
        {TEXTS.noRecordingIsWaiting}
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      <Text fz="sm" className="tabular">
        {TEXTS.waitingToBeArchived(archive.waiting_count, bytesText(archive.waiting_bytes))}
        {archive.oldest_waiting_at && (
          <>
            {TEXTS.oldestSince} <Time at={archive.oldest_waiting_at} />
          </>
        )}
        {archive.failed_count > 0 && TEXTS.failedAndCanBe(archive.failed_count)}.
      </Text>
      {archive.last_error && (
        <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {TEXTS.lastError(archive.last_error)}
        </Text>
      )}
    </Stack>
  );
}
