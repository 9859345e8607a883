/** On a recording's page: what keeps it, what would purge it, its holds; of a purged one, what is left. */
import { Alert, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FileBadge, LockKeyhole, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Purge, Recording, PurgeStatus } from "../../api/types";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { Time } from "../../elements/Time";
import { HoldLine } from "../holds/HoldLine";
import { PlaceHoldModal } from "../holds/PlaceHoldModal";
import { CancelPurgeModal } from "../purges/CancelPurgeModal";
import { standingQuery } from "./queries";
import { ReasonModal } from "../../elements/ReasonModal";
import { TombstoneFiles } from "../purges/TombstoneFiles";
import { useMarkForPurge } from "../purges/mutations";
import { certificateAddress } from "../purges/queries";
import { markedBy } from "../purges/texts";
import { useMay } from "../../api/me";
import { Sentence } from "../../elements/Sentence";
import { TEXTS } from "./texts";

export function RetentionPanel({ recording }: { recording: Recording }) {
  const { data, isPending, error, refetch } = useQuery(standingQuery(recording.id));
  return (
    <Paper p="md" component="section" aria-label={TEXTS.retention}>
      {isPending && <RowsLoading count={2} height={28} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && recording.state === "purged" && <Gone status={data} />}
      {data && recording.state !== "purged" && <Standing recording={recording} status={data} />}
    </Paper>
  );
}

function Standing({ recording, status }: { recording: Recording; status: PurgeStatus }) {
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Title order={2} fz="md">
          {TEXTS.retention}
        </Title>
        <Actions recordingId={recording.id} status={status} />
      </Group>
      {status.purge?.state === "marked" && <Marked purge={status.purge} />}
      <dl className="fact-grid">
        <dt>{TEXTS.retentionPolicy}</dt>
        <dd>
          {status.policy_name}
          {status.object_lock && TEXTS.archivedObjectsLocked}
        </dd>
        <dt>{TEXTS.keptUntil}</dt>
        <dd>{moment(status.retain_until_at, TEXTS.countedFromSessionsEnd)}</dd>
        <dt>{TEXTS.deleted}</dt>
        <dd>
          {status.holds.length > 0 ? TEXTS.notWhileItIs : moment(status.purge_after_at, TEXTS.neverByItself)}
        </dd>
        {recording.tier === "hot" && recording.archived_at !== null && status.hot_until_at !== null && (
          <>
            <dt>{TEXTS.onHotStorageUntil}</dt>
            <dd>
              <Time at={status.hot_until_at} />
            </dd>
          </>
        )}
      </dl>
      {status.holds.length > 0 && (
        <Stack gap="sm">
          <Title order={3} fz="sm">
            {TEXTS.onHold}
          </Title>
          {status.holds.map((hold) => (
            <HoldLine key={hold.id} hold={hold} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function moment(at: string | null, otherwise: string): ReactNode {
  return at === null ? otherwise : <Time at={at} />;
}

function Actions({ recordingId, status }: { recordingId: string; status: PurgeStatus }) {
  const may = useMay();
  const [open, setOpen] = useState<"hold" | "purge" | null>(null);
  const close = () => setOpen(null);
  const isMarked = status.purge?.state === "marked";
  return (
    <Group gap="xs">
      {may("hold.manage") && (
        <Button
          size="xs"
          variant="default"
          leftSection={<LockKeyhole size={14} />}
          onClick={() => setOpen("hold")}
        >
          {TEXTS.placeHold}
        </Button>
      )}
      {may("recording.purge") && !isMarked && (
        <Button
          size="xs"
          variant="default"
          leftSection={<Trash2 size={14} />}
          onClick={() => setOpen("purge")}
        >
          {TEXTS.markForPurge}
        </Button>
      )}
      {open === "hold" && <PlaceHoldModal recordingId={recordingId} onClose={close} />}
      {open === "purge" && <MarkModal recordingId={recordingId} status={status} onClose={close} />}
    </Group>
  );
}

interface MarkProps {
  recordingId: string;
  status: PurgeStatus;
  onClose: () => void;
}

function MarkModal({ recordingId, status, onClose }: MarkProps) {
  const mark = useMarkForPurge(recordingId, onClose);
  return (
    <ReasonModal
      title={TEXTS.markThisRecordingFor}
      action={TEXTS.markForPurge}
      isDangerous
      isPending={mark.isPending}
      error={mark.error}
      onSubmit={mark.mutate}
      onClose={onClose}
    >
      <Stack gap="sm">
        {TEXTS.whenItsGracePeriod}
        {status.obstacles.length > 0 && (
          <Alert color="signal" variant="light" title={TEXTS.itCannotBePurged}>
            {status.obstacles.map((obstacle) => (
              <Text key={obstacle.kind} fz="sm">
                {obstacle.text.charAt(0).toUpperCase()}
                {obstacle.text.slice(1)}.
              </Text>
            ))}
          </Alert>
        )}
      </Stack>
    </ReasonModal>
  );
}

function Marked({ purge }: { purge: Purge }) {
  const may = useMay();
  const [cancelling, setCancelling] = useState(false);
  return (
    <Alert color="red" variant="light" title={TEXTS.markedForPurge}>
      <Group justify="space-between" align="flex-start">
        <Text fz="sm" component="div" style={{ overflowWrap: "anywhere", flex: "1 1 240px" }}>
          <Sentence
            text={TEXTS.erasedFrom}
            parts={{
              time: <Time at={purge.due_at} />,
              relative: <Time at={purge.due_at} relative />,
              by: markedBy(purge),
              reason: purge.reason,
            }}
          />
          {purge.waiting_for !== "" && <div>{TEXTS.itWaits(purge.waiting_for)}</div>}
        </Text>
        {may("recording.purge") && (
          <Button size="xs" variant="default" onClick={() => setCancelling(true)}>
            {TEXTS.cancelPurge}
          </Button>
        )}
      </Group>
      {cancelling && <CancelPurgeModal purge={purge} onClose={() => setCancelling(false)} />}
    </Alert>
  );
}

function Gone({ status }: { status: PurgeStatus }) {
  const may = useMay();
  const { purge, tombstone } = status;
  if (tombstone === null) {
    return (
      <Alert color="signal" variant="light" title={TEXTS.beingErased}>
        {TEXTS.itsBytesAreGoing}
        {purge !== null && purge.waiting_for !== "" && <div>{TEXTS.itWaits(purge.waiting_for)}</div>}
      </Alert>
    );
  }
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Title order={2} fz="md">
          {TEXTS.tombstone}
        </Title>
        {purge !== null && may("retention.read") && (
          <Button
            component="a"
            size="xs"
            variant="default"
            href={certificateAddress(purge.id)}
            download
            leftSection={<FileBadge size={14} />}
          >
            {TEXTS.certificateOfErasure}
          </Button>
        )}
      </Group>
      <Text fz="sm" component="div" style={{ overflowWrap: "anywhere" }}>
        <Erased at={tombstone.purged_at} purge={purge} />
      </Text>
      <TombstoneFiles files={tombstone.files} />
    </Stack>
  );
}

function Erased({ at, purge }: { at: string; purge: Purge | null }) {
  const time = <Time at={at} />;
  if (purge === null) return <Sentence text={TEXTS.erased} parts={{ time }} />;
  return (
    <Sentence text={TEXTS.erasedAndMarked} parts={{ time, by: markedBy(purge), reason: purge.reason }} />
  );
}
