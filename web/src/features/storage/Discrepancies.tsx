/** What does not fit: a row each until it is repaired or not found any more. */
import { Anchor, SegmentedControl, Select, Group, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { PackageCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { discrepanciesQuery } from "./queries";
import type { Discrepancy, DiscrepancyKind, Storage } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { Stale } from "../../elements/Stale";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { Panel } from "../../elements/Panel";
import { DISCREPANCY_WORDS } from "./texts";
import { TEXTS } from "./texts";

export function Discrepancies({ counts }: { counts: Storage["discrepancies"] }) {
  const [onlyOpen, setOnlyOpen] = useState(true);
  const [kind, setKind] = useState<DiscrepancyKind | null>(null);
  const filter = { only_open: onlyOpen, ...(kind !== null && { kind }) };
  const { data, isPending, isPlaceholderData, error, refetch, ...paging } = useInfiniteQuery(
    discrepanciesQuery(filter),
  );
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  const choices = Object.entries(DISCREPANCY_WORDS).map(([value, { title }]) => {
    const count = counts[value as DiscrepancyKind] ?? 0;
    return { value, label: count > 0 ? `${title} (${count})` : title };
  });
  return (
    <Panel
      title={TEXTS.discrepancies}
      aside={
        <Group gap="sm">
          <Select
            aria-label={TEXTS.kind}
            placeholder={TEXTS.anyKind}
            size="xs"
            w={190}
            clearable
            data={choices}
            value={kind}
            onChange={(value) => setKind(value as DiscrepancyKind | null)}
          />
          <SegmentedControl
            size="xs"
            aria-label={TEXTS.whichDiscrepancies}
            data={[
              { value: "open", label: TEXTS.open },
              { value: "all", label: TEXTS.all },
            ]}
            value={onlyOpen ? "open" : "all"}
            onChange={(value) => setOnlyOpen(value === "open")}
          />
        </Group>
      }
    >
      {isPending && <RowsLoading count={3} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && rows.length === 0 && (
        <EmptyState icon={PackageCheck} title={onlyOpen ? TEXTS.nothingIsOpen : TEXTS.noneSoFar}>
          {TEXTS.whateverIsFoundMissing}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Stale isStale={isPlaceholderData}>
          <DataTable
            label={TEXTS.discrepancies}
            fz="sm"
            verticalSpacing={8}
            columns={COLUMNS}
            rows={rows}
            keyOf={({ id }) => String(id)}
          />
        </Stale>
      )}
      <MoreButton {...paging} />
    </Panel>
  );
}

const COLUMNS: Column<Discrepancy>[] = [
  { title: TEXTS.what, cell: (row) => <What row={row} /> },
  { title: TEXTS.where, cell: (row) => <Where row={row} /> },
  { title: TEXTS.found, cell: ({ found_at }) => <Time at={found_at} /> },
  { title: TEXTS.now, cell: (row) => <Now row={row} /> },
];

function What({ row }: { row: Discrepancy }) {
  return (
    <>
      <ToneBadge {...DISCREPANCY_WORDS[row.kind]} />
      <Text fz="xs" c="dimmed" mt={2}>
        {row.detail}
      </Text>
    </>
  );
}

function Where({ row }: { row: Discrepancy }) {
  return (
    <>
      {row.recording_id !== null && (
        <Anchor component={Link} to={`/recordings/${row.recording_id}`} fz="sm">
          {row.target_name ?? row.recording_id}
        </Anchor>
      )}
      <Text fz="xs" c="dimmed" ff="monospace" style={{ overflowWrap: "anywhere" }}>
        {row.name}
      </Text>
    </>
  );
}

function Now({ row }: { row: Discrepancy }) {
  const ended = row.repaired_at ?? row.gone_at;
  return (
    <>
      {row.repaired_at !== null && TEXTS.repaired}
      {row.repaired_at === null && row.gone_at !== null && TEXTS.gone}
      {ended === null && TEXTS.seen}
      <Time at={ended ?? row.seen_at} relative />
    </>
  );
}
