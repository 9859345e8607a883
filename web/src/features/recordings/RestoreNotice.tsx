/** How a restore that was asked for stands: waiting, running with its progress, failed; nothing once it is done. */
import { Alert, Group, Progress, Stack, Text } from "@mantine/core";
import { ArchiveRestore, TriangleAlert } from "lucide-react";
import type { Recording, Restore } from "../../api/types";
import { Time } from "../../elements/Time";
import { daysText } from "./archive";
import { TEXTS } from "./texts";

export function RestoreNotice({ recording }: { recording: Recording }) {
  const restore = recording.restore;
  if (restore === null || restore.state === "done") return null;
  if (restore.state === "failed") return recording.tier === "archive" ? <Failed restore={restore} /> : null;
  return <Unfinished restore={restore} />;
}

function Failed({ restore }: { restore: Restore }) {
  return (
    <Alert color="red" variant="light" icon={<TriangleAlert size={18} />} title={TEXTS.restoreFailed}>
      <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
        {restore.error}
      </Text>
    </Alert>
  );
}

function Unfinished({ restore }: { restore: Restore }) {
  const percent = Math.round(restore.progress * 100);
  return (
    <Alert
      color={restore.error === null ? "blue" : "yellow"}
      variant="light"
      icon={<ArchiveRestore size={18} />}
      title={TEXTS.beingRestoredToHot(daysText(restore.days))}
    >
      <Stack gap={6}>
        <Text fz="sm">
          {TEXTS.requestedBy(restore.requested_by_name)} <Time at={restore.requested_at} relative />.
        </Text>
        {restore.error === null ? (
          <Group gap="xs" wrap="nowrap">
            <Progress value={percent} animated style={{ flex: 1 }} aria-label={TEXTS.restoredSoFar} />
            <Text fz="xs" className="tabular">
              {percent} %
            </Text>
          </Group>
        ) : (
          <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
            {TEXTS.waiting(restore.error)}
            {restore.not_before_at && (
              <>
                {TEXTS.nextAttempt} <Time at={restore.not_before_at} relative />
              </>
            )}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}
