/** Recordings on their way out, and those that are gone, with their certificates. */
import { Anchor, Button, Group, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { FileBadge, Hourglass } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Purge, PurgeState } from "../../api/types";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { CancelPurgeModal } from "./CancelPurgeModal";
import { certificateAddress, purgesQuery } from "./queries";
import { markedBy, PURGE_STATE_WORDS } from "./texts";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

const EMPTY: Record<PurgeState, { title: string; text: string }> = {
  marked: {
    title: TEXTS.nothingIsMarkedFor,
    text: TEXTS.recordingsWhoseTimeIs,
  },
  purging: { title: TEXTS.nothingIsBeingErased, text: TEXTS.whatHasBegunAnd },
  purged: {
    title: TEXTS.nothingWasPurgedYet,
    text: TEXTS.eachPurgeLeavesTombstone,
  },
  cancelled: { title: TEXTS.noPurgeWasCancelled, text: TEXTS.marksThatWereTaken },
};

export function PurgeList() {
  const [state, setState] = useState<PurgeState>("marked");
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(purgesQuery(state));
  const purges = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Group>
        <SegmentedControl
          aria-label={TEXTS.state}
          value={state}
          onChange={(value) => setState(value as PurgeState)}
          data={Object.entries(PURGE_STATE_WORDS).map(([value, { title }]) => ({ value, label: title }))}
        />
      </Group>
      {isPending && <RowsLoading count={3} height={84} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && purges.length === 0 && (
        <EmptyState icon={Hourglass} title={EMPTY[state].title}>
          {EMPTY[state].text}
        </EmptyState>
      )}
      <Stack gap="sm" role="list" aria-label={TEXTS.purges}>
        {purges.map((purge) => (
          <PurgeCard key={purge.id} purge={purge} />
        ))}
      </Stack>
      <MoreButton {...paging} />
    </Stack>
  );
}

function PurgeCard({ purge }: { purge: Purge }) {
  const may = useMay();
  const [cancelling, setCancelling] = useState(false);
  return (
    <Paper role="listitem" p="md">
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} style={{ flex: "1 1 260px", minWidth: 0 }}>
          <Group gap={8}>
            <Anchor component={Link} to={`/recordings/${purge.recording_id}`} fw={600}>
              {TEXTS.operatorOnTarget(purge.operator_name, purge.target_name)}
            </Anchor>
            <ToneBadge {...PURGE_STATE_WORDS[purge.state]} />
          </Group>
          <Text fz="sm" c="dimmed" component="div">
            <Time at={purge.started_at} />
            {purge.size_bytes !== null && ` · ${bytesText(purge.size_bytes)}`}
          </Text>
          <Text fz="sm" component="div" style={{ overflowWrap: "anywhere" }}>
            {TEXTS.marked(markedBy(purge))} <Time at={purge.marked_at} relative />: {purge.reason}
          </Text>
          {purge.waiting_for !== "" && (
            <Text fz="sm" c="signal" component="div" style={{ overflowWrap: "anywhere" }}>
              {TEXTS.waits(purge.waiting_for)}
            </Text>
          )}
          <Ending purge={purge} />
        </Stack>
        {purge.state === "marked" && may("recording.purge") && (
          <Button size="xs" variant="default" onClick={() => setCancelling(true)}>
            {TEXTS.cancelPurge}
          </Button>
        )}
        {purge.state === "purged" && (
          <Button
            size="xs"
            variant="default"
            component="a"
            href={certificateAddress(purge.id)}
            download
            leftSection={<FileBadge size={14} />}
          >
            {TEXTS.certificate}
          </Button>
        )}
      </Group>
      {cancelling && <CancelPurgeModal purge={purge} onClose={() => setCancelling(false)} />}
    </Paper>
  );
}

function Ending({ purge }: { purge: Purge }) {
  if (purge.state === "marked") {
    return (
      <Text fz="sm" component="div">
        {TEXTS.erasedFrom} <Time at={purge.due_at} /> (<Time at={purge.due_at} relative />)
      </Text>
    );
  }
  if (purge.ended_at === null) return null;
  if (purge.state === "cancelled") {
    return (
      <Text fz="sm" component="div" style={{ overflowWrap: "anywhere" }}>
        {TEXTS.cancelledBy(purge.ended_by_name)} <Time at={purge.ended_at} relative />: {purge.end_reason}
      </Text>
    );
  }
  return (
    <Text fz="sm" component="div">
      {TEXTS.erased} <Time at={purge.ended_at} />
    </Text>
  );
}
