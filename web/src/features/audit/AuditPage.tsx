import { Paper, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useSearchParams } from "react-router";
import { auditQuery } from "../../api/queries";
import type { AuditEvent } from "../../api/types";
import { EmptyState } from "../../app/elements/EmptyState";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { RowsLoading } from "../../app/elements/Loading";
import { MoreButton } from "../../app/elements/MoreButton";
import { PageHeader } from "../../app/elements/PageHeader";
import { Time } from "../../app/elements/Time";
import { AuditFilters } from "./AuditFilters";
import { auditFilterOf } from "./address";
import { EventDetails } from "./EventDetails";
import { tagWords } from "./tags";
import { TrailNotice } from "./TrailNotice";

export function AuditPage() {
  const [address] = useSearchParams();
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(auditQuery(auditFilterOf(address)));
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Audit"
        lead="Everything that was done here, in order; nothing is changed afterwards."
      />
      <Stack gap="md">
        <TrailNotice />
        <AuditFilters />
      </Stack>
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
                  <EventDetails event={event} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
