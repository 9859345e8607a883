import { Paper, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useSearchParams } from "react-router";
import { auditQuery } from "./queries";
import type { AuditEvent } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { PageHeader } from "../../elements/PageHeader";
import { Stale } from "../../elements/Stale";
import { Time } from "../../elements/Time";
import { AuditFilters } from "./AuditFilters";
import { auditFilterOf } from "./address";
import { Actor, EventDetails } from "./EventDetails";
import { tagWords } from "./tags";
import { TrailNotice } from "./TrailNotice";

export function AuditPage() {
  const [address] = useSearchParams();
  const { data, isPending, isPlaceholderData, error, refetch, ...paging } = useInfiniteQuery(
    auditQuery(auditFilterOf(address)),
  );
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Audit" lead="An append-only record of every action." />
      <Stack gap="md">
        <TrailNotice />
        <AuditFilters />
      </Stack>
      {isPending && <RowsLoading height={32} count={10} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && events.length === 0 && <EmptyState icon={ListChecks} title="No such event" />}
      {events.length > 0 && (
        <Stale isStale={isPlaceholderData}>
          <Paper>
            <DataTable
              label="Events"
              fz="sm"
              verticalSpacing={8}
              columns={COLUMNS}
              rows={events}
              keyOf={({ id }) => String(id)}
            />
          </Paper>
        </Stale>
      )}
      <MoreButton {...paging} />
    </>
  );
}

const COLUMNS: Column<AuditEvent>[] = [
  { title: "What", cell: (event) => tagWords(event.tag) },
  { title: "When", cell: (event) => <Time at={event.at} /> },
  { title: "Who", cell: (event) => <Actor event={event} /> },
  { title: "Details", cell: (event) => <EventDetails event={event} /> },
  { title: "No.", isNumber: true, cell: (event) => event.id.toLocaleString() },
];
