import { Group, Paper, Select, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useState } from "react";
import { auditQuery } from "../../api/queries";
import type { AuditEvent, AuditTag } from "../../api/types";
import { EmptyState } from "../../app/elements/EmptyState";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { RowsLoading } from "../../app/elements/Loading";
import { MoreButton } from "../../app/elements/MoreButton";
import { PageHeader } from "../../app/elements/PageHeader";
import { Time } from "../../app/elements/Time";
import { TAG_CHOICES, tagWords } from "./tags";

const TYPING_MS = 300;

export function AuditPage() {
  const [tag, setTag] = useState<AuditTag | null>(null);
  const [actor, setActor] = useState("");
  const [typed] = useDebouncedValue(actor.trim(), TYPING_MS);
  const filter = { ...(tag === null ? {} : { tag }), ...(typed === "" ? {} : { actor: typed }) };
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(auditQuery(filter));
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Audit"
        lead="Everything that was done here, in order; nothing is changed afterwards."
      />
      <Group mb="md" gap="sm">
        <Select
          label="Event"
          w={240}
          placeholder="Any"
          clearable
          searchable
          data={TAG_CHOICES}
          value={tag}
          onChange={(value) => setTag(value as AuditTag | null)}
        />
        <TextInput
          label="Actor"
          w={200}
          value={actor}
          onChange={(event) => setActor(event.currentTarget.value)}
        />
      </Group>
      {isPending && <RowsLoading height={32} count={10} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && events.length === 0 && <EmptyState icon={ListChecks} title="No such event" />}
      {events.length > 0 && <EventTable events={events} />}
      <MoreButton {...paging} />
    </>
  );
}

function EventTable({ events }: { events: readonly AuditEvent[] }) {
  return (
    <Paper>
      <Table.ScrollContainer minWidth={860}>
        <Table fz="sm" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>No.</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th>Who</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Details</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map((event) => (
              <Table.Tr key={event.id}>
                <Table.Td className="tabular" c="dimmed">
                  {event.id}
                </Table.Td>
                <Table.Td>
                  <Time at={event.at} />
                </Table.Td>
                <Table.Td>
                  {event.actor_name}
                  <Text fz="xs" c="dimmed" ff="monospace">
                    {event.address}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {tagWords(event.tag)}
                  <Text fz="xs" c="dimmed" ff="monospace">
                    {event.tag}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Details event={event} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function Details({ event }: { event: AuditEvent }) {
  const entries = Object.entries(event.details);
  return (
    <Text fz="xs" style={{ overflowWrap: "anywhere" }}>
      {entries.map(([name, value]) => `${name}: ${valueText(value)}`).join(" · ")}
      {event.subject_id !== null && (
        <Text span fz="xs" c="dimmed" ff="monospace">
          {entries.length > 0 && " · "}
          {event.subject_id}
        </Text>
      )}
    </Text>
  );
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
