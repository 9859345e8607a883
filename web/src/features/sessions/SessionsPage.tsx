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
import { SessionMenu } from "./SessionMenu";
import { SessionStateBadge } from "./SessionStateBadge";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

export function SessionsPage() {
  const may = useMay();
  const all = may("session.list");
  const { data, isPending, error, refetch, ...paging } = useInfiniteQuery(sessionsQuery);
  const sessions = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title={TEXTS.sessions} lead={all ? TEXTS.leadOfAll : TEXTS.leadOfOwn} />
      {isPending && <RowsLoading />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && sessions.length === 0 && (
        <EmptyState icon={History} title={TEXTS.noSessionsYet}>
          {TEXTS.sessionBeginsWhenSomeone}
        </EmptyState>
      )}
      {sessions.length > 0 && (
        <Paper>
          <DataTable
            label={TEXTS.sessions}
            columns={columnsOf(all, may("recording.view"), may("session.control"))}
            rows={sessions}
            keyOf={({ id }) => id}
          />
        </Paper>
      )}
      <MoreButton {...paging} />
    </>
  );
}

function columnsOf(showOperator: boolean, mayWatch: boolean, mayControl: boolean): Column<Session>[] {
  return [
    { title: TEXTS.target, cell: (session) => <Target session={session} /> },
    ...(showOperator ? [{ title: TEXTS.operator, cell: ({ operator_name }: Session) => operator_name }] : []),
    { title: TEXTS.state, cell: (session) => <State session={session} /> },
    { title: TEXTS.opened, cell: ({ opened_at }) => <Time at={opened_at} /> },
    { title: TEXTS.length, cell: (session) => <span className="tabular">{lengthOf(session)}</span> },
    {
      title: TEXTS.from,
      cell: ({ client_address }) => (
        <Text span ff="monospace" fz="xs">
          {client_address}
        </Text>
      ),
    },
    ...(mayWatch || mayControl
      ? [
          {
            title: TEXTS.actions,
            isActions: true,
            cell: (session: Session) => (
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                {mayWatch && recordingLink(session)}
                {mayControl && session.closed_at === null && <SessionMenu session={session} />}
              </Group>
            ),
          },
        ]
      : []),
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
      {session.closed_at === null && session.is_locked && (
        <Text fz="xs" c="dimmed">
          {TEXTS.locked}
        </Text>
      )}
      {session.close_reason && (
        <Text fz="xs" c="dimmed" title={session.close_text ?? ""}>
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
      aria-label={TEXTS.recordingOfSessionOn(target_name)}
    >
      {TEXTS.recording}
    </Link>
  );
}

function lengthOf({ opened_at, closed_at }: Session): string {
  if (closed_at === null) return TEXTS.running;
  return durationText(Date.parse(closed_at) - Date.parse(opened_at));
}
