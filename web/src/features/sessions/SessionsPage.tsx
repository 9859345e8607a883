import { Group, Paper, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { Link } from "react-router";
import { sessionsQuery } from "./queries";
import type { Session } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { EmptyState } from "../../elements/EmptyState";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { MoreButton } from "../../elements/MoreButton";
import { PageHeader } from "../../elements/PageHeader";
import { ProtocolIcon } from "../../elements/ProtocolIcon";
import { Time } from "../../elements/Time";
import { durationText } from "../../format/time";
import { plainWords } from "../../format/words";
import { SessionStateBadge } from "./SessionStateBadge";
import { useMay } from "../../api/me";

export function SessionsPage() {
  const may = useMay();
  const all = may("session.list");
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(sessionsQuery);
  const sessions = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Sessions" lead={all ? "Who was on which target, and when." : "Your own sessions."} />
      {isPending && <RowsLoading />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && sessions.length === 0 && (
        <EmptyState icon={History} title="No sessions yet">
          A session begins when someone opens a target.
        </EmptyState>
      )}
      {sessions.length > 0 && (
        <Paper>
          <DataTable
            label="Sessions"
            columns={columnsOf(all, may("recording.view"))}
            rows={sessions}
            keyOf={({ id }) => id}
          />
        </Paper>
      )}
      <MoreButton {...paging} />
    </>
  );
}

function columnsOf(showOperator: boolean, mayWatch: boolean): Column<Session>[] {
  return [
    { title: "Target", cell: (session) => <Target session={session} /> },
    ...(showOperator ? [{ title: "Operator", cell: ({ operator_name }: Session) => operator_name }] : []),
    { title: "State", cell: (session) => <State session={session} /> },
    { title: "Opened", cell: ({ opened_at }) => <Time at={opened_at} /> },
    { title: "Length", cell: (session) => <span className="tabular">{lengthOf(session)}</span> },
    {
      title: "From",
      cell: ({ client_address }) => (
        <Text span ff="monospace" fz="xs">
          {client_address}
        </Text>
      ),
    },
    ...(mayWatch ? [{ title: "Actions", isActions: true, cell: recordingLink }] : []),
  ];
}

function Target({ session }: { session: Session }) {
  return (
    <Group gap="sm" wrap="nowrap">
      <ProtocolIcon protocol={session.protocol} size={28} />
      <Text fz="sm" fw={560}>
        {session.target_name}
      </Text>
    </Group>
  );
}

function State({ session }: { session: Session }) {
  return (
    <Group gap={6}>
      <SessionStateBadge state={session.state} />
      {session.close_reason && (
        <Text fz="xs" c="dimmed">
          {plainWords(session.close_reason)}
        </Text>
      )}
    </Group>
  );
}

function recordingLink({ recording_id, target_name }: Session) {
  if (recording_id === null) return null;
  return (
    <Link
      to={`/recordings/${recording_id}`}
      className="link"
      aria-label={`Recording of the session on ${target_name}`}
    >
      Recording
    </Link>
  );
}

function lengthOf({ opened_at, closed_at }: Session): string {
  if (closed_at === null) return "running";
  return durationText(Date.parse(closed_at) - Date.parse(opened_at));
}
