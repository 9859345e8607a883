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
import { Actor, EventDetails } from "../audit/EventDetails";
import { tagWords } from "../audit/texts";
import "./custody.css";
import { KIND_WORDS } from "./texts";
import { TEXTS } from "./texts";

const TYPING_MS = 300;
const CHOICES = Object.entries(KIND_WORDS).map(([value, { title }]) => ({ value, label: title }));

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
    <section className="custody" aria-label={TEXTS.chainOfCustody}>
      <PrintedHeading recording={recording} />
      <Group mb="md" gap="sm" align="flex-end" className="not-printed">
        <MultiSelect
          label={TEXTS.whatWasDone}
          miw={200}
          maw={420}
          clearable
          placeholder={kinds.length === 0 ? TEXTS.anything : ""}
          data={CHOICES}
          value={kinds}
          onChange={(values) => setKinds(values as CustodyKind[])}
        />
        <TextInput
          label={TEXTS.by}
          w={170}
          value={actor}
          onChange={(event) => setActor(event.currentTarget.value)}
        />
        <Keep recordingId={recording.id} filter={filter} paging={paging} />
      </Group>
      {isPending && <RowsLoading height={32} count={6} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && events.length === 0 && <EmptyState icon={ScrollText} title={TEXTS.nothingOfThatKind} />}
      {events.length > 0 && (
        <Stale isStale={isPlaceholderData}>
          <DataTable
            label={TEXTS.chainOfCustody}
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
        {TEXTS.print}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<Download size={16} />}>
            {TEXTS.download}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={custodyAddress(recordingId, "csv", filter)} download>
            {TEXTS.csvForSpreadsheet}
          </Menu.Item>
          <Menu.Item component="a" href={custodyAddress(recordingId, "json", filter)} download>
            {TEXTS.json}
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
        {TEXTS.chainOfCustody}
      </Title>
      <p>
        {TEXTS.recordingOnBegan(
          recording.id,
          recording.operator_name,
          recording.target_name,
          absoluteTimeWithZone(new Date(recording.started_at)),
        )}
        {recording.digest !== null && <> {TEXTS.sha256OfOriginal(recording.digest)}</>}{" "}
        {TEXTS.printed(absoluteTimeWithZone(new Date()))}
      </p>
    </div>
  );
}

const COLUMNS: Column<CustodyEvent>[] = [
  { title: TEXTS.what, cell: (event) => <What event={event} /> },
  { title: TEXTS.when, cell: (event) => <Time at={event.at} /> },
  { title: TEXTS.who, cell: (event) => <Actor event={event} /> },
  { title: TEXTS.details, cell: (event) => <EventDetails event={event} /> },
  { title: TEXTS.event, isNumber: true, cell: (event) => event.id.toLocaleString() },
];

function What({ event }: { event: CustodyEvent }) {
  return (
    <>
      {event.kind && <ToneBadge {...KIND_WORDS[event.kind]} />}
      <Text fz="xs" c="dimmed" mt={2}>
        {tagWords(event.tag)}
      </Text>
    </>
  );
}
