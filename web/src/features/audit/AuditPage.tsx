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
import { tagWords } from "./texts";
import { TrailNotice } from "./TrailNotice";
import { TEXTS } from "./texts";

export function AuditPage() {
  const [address] = useSearchParams();
  const { data, isPending, isPlaceholderData, error, refetch, ...paging } = useInfiniteQuery(
    auditQuery(auditFilterOf(address)),
  );
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title={TEXTS.audit} lead={TEXTS.lead} />
      <Stack gap="md">
        <TrailNotice />
        <AuditFilters />
      </Stack>
      {isPending && <RowsLoading height={32} count={10} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && events.length === 0 && <EmptyState icon={ListChecks} title={TEXTS.noSuchEvent} />}
      {events.length > 0 && (
        <Stale isStale={isPlaceholderData}>
          <Paper>
            <DataTable
              label={TEXTS.events}
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
  { title: TEXTS.what, cell: (event) => tagWords(event.tag) },
  { title: TEXTS.when, cell: (event) => <Time at={event.at} /> },
  { title: TEXTS.who, cell: (event) => <Actor event={event} /> },
  { title: TEXTS.details, cell: (event) => <EventDetails event={event} /> },
  { title: TEXTS.number, isNumber: true, cell: (event) => event.id.toLocaleString() },
];
