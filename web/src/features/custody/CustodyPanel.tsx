/** A recording's chain of custody: who did what with it. Looking at it is an event of its own. */
import { Button, Group, Menu, MultiSelect, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, Printer, ScrollText } from "lucide-react";
import { useState } from "react";
import { type CustodyFilter, custodyAddress, custodyQuery } from "./queries";
import type { CustodyEvent, CustodyKind, Recording } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { Stale } from "../../elements/Stale";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { absoluteTimeWithZone } from "../../format/time";
import type { Tone } from "../../format/words";
import { Actor, EventDetails } from "../audit/EventDetails";
import { tagWords } from "../audit/tags";
import "./custody.css";

const TYPING_MS = 300;
const KINDS: Record<CustodyKind, { title: string; tone: Tone }> = {
  created: { title: "Created", tone: "ok" },
  viewed: { title: "Viewed", tone: "quiet" },
  searched: { title: "Searched into", tone: "quiet" },
  reviewed: { title: "Reviewed", tone: "quiet" },
  exported: { title: "Exported", tone: "live" },
  held: { title: "Held", tone: "wait" },
  moved: { title: "Moved", tone: "wait" },
  restored: { title: "Restored", tone: "wait" },
  verified: { title: "Verified", tone: "ok" },
  repaired: { title: "Repaired", tone: "bad" },
  reread: { title: "Worked on", tone: "quiet" },
  purged: { title: "Purged", tone: "bad" },
};
const CHOICES = Object.entries(KINDS).map(([value, { title }]) => ({ value, label: title }));

export function CustodyPanel({ recording }: { recording: Recording }) {
  const [kinds, setKinds] = useState<CustodyKind[]>([]);
  const [actor, setActor] = useState("");
  const [typed] = useDebouncedValue(actor.trim(), TYPING_MS);
  const filter = { ...(kinds.length > 0 && { kind: kinds }), ...(typed !== "" && { actor_name: typed }) };
  const { data, isPending, isPlaceholderData, error, refetch, ...paging } = useInfiniteQuery(
    custodyQuery(recording.id, filter),
  );
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="custody" aria-label="Chain of custody">
      <PrintedHeading recording={recording} />
      <Group mb="md" gap="sm" align="flex-end" className="not-printed">
        <MultiSelect
          label="What was done"
          miw={200}
          maw={420}
          clearable
          placeholder={kinds.length === 0 ? "Anything" : ""}
          data={CHOICES}
          value={kinds}
          onChange={(values) => setKinds(values as CustodyKind[])}
        />
        <TextInput
          label="By"
          w={170}
          value={actor}
          onChange={(event) => setActor(event.currentTarget.value)}
        />
        <Keep recordingId={recording.id} filter={filter} paging={paging} />
      </Group>
      {isPending && <RowsLoading height={32} count={6} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && events.length === 0 && <EmptyState icon={ScrollText} title="Nothing of that kind" />}
      {events.length > 0 && (
        <Stale isStale={isPlaceholderData}>
          <DataTable
            label="Chain of custody"
            fz="sm"
            verticalSpacing={8}
            columns={COLUMNS}
            rows={events}
            keyOf={({ id }) => String(id)}
          />
        </Stale>
      )}
      <MoreButton {...paging} />
    </section>
  );
}

interface KeepProps {
  recordingId: string;
  filter: CustodyFilter;
  paging: {
    hasNextPage: boolean;
    fetchNextPage: () => Promise<{ hasNextPage: boolean; isFetchNextPageError: boolean }>;
  };
}

function Keep({ recordingId, filter, paging }: KeepProps) {
  const print = async () => {
    let more = paging.hasNextPage;
    while (more) {
      const { hasNextPage, isFetchNextPageError } = await paging.fetchNextPage();
      if (isFetchNextPageError) return; // the page shows the error; a chain with a part missing is not printed
      more = hasNextPage;
    }
    window.print();
  };
  return (
    <Group gap="xs" ml="auto">
      <Button variant="default" leftSection={<Printer size={16} />} onClick={() => void print()}>
        Print
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<Download size={16} />}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={custodyAddress(recordingId, "csv", filter)} download>
            CSV, for a spreadsheet
          </Menu.Item>
          <Menu.Item component="a" href={custodyAddress(recordingId, "json", filter)} download>
            JSON
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function PrintedHeading({ recording }: { recording: Recording }) {
  return (
    <div className="only-printed">
      <Title order={1} fz={20}>
        Chain of custody
      </Title>
      <p>
        Recording {recording.id}: {recording.operator_name} on {recording.target_name}, began{" "}
        {absoluteTimeWithZone(new Date(recording.started_at))}.
        {recording.digest !== null && <> SHA-256 of the original: {recording.digest}.</>} Printed{" "}
        {absoluteTimeWithZone(new Date())}.
      </p>
    </div>
  );
}

const COLUMNS: Column<CustodyEvent>[] = [
  { title: "What", cell: (event) => <What event={event} /> },
  { title: "When", cell: (event) => <Time at={event.at} /> },
  { title: "Who", cell: (event) => <Actor event={event} /> },
  { title: "Details", cell: (event) => <EventDetails event={event} /> },
  { title: "Event", isNumber: true, cell: (event) => event.id.toLocaleString() },
];

function What({ event }: { event: CustodyEvent }) {
  return (
    <>
      {event.kind && <ToneBadge {...KINDS[event.kind]} />}
      <Text fz="xs" c="dimmed" mt={2}>
        {tagWords(event.tag)}
      </Text>
    </>
  );
}
