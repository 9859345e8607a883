import { Group, Paper, Table, Text, VisuallyHidden } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { Link } from "react-router";
import { sessionsQuery } from "../../api/queries";
import type { Session } from "../../api/types";
import { useMay } from "../../app/auth";
import { EmptyState } from "../../app/elements/EmptyState";
import { ErrorNotice } from "../../app/elements/ErrorNotice";
import { RowsLoading } from "../../app/elements/Loading";
import { MoreButton } from "../../app/elements/MoreButton";
import { PageHeader } from "../../app/elements/PageHeader";
import { ProtocolIcon } from "../../app/elements/ProtocolIcon";
import { SessionStateBadge } from "../../app/elements/StateBadge";
import { Time } from "../../app/elements/Time";
import { durationText } from "../../app/format/time";
import { plainWords } from "../../app/format/words";

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
          <Table.ScrollContainer minWidth={760}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Target</Table.Th>
                  {all && <Table.Th>Operator</Table.Th>}
                  <Table.Th>State</Table.Th>
                  <Table.Th>Opened</Table.Th>
                  <Table.Th>Length</Table.Th>
                  <Table.Th>From</Table.Th>
                  <Table.Th>
                    <VisuallyHidden>Actions</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {sessions.map((session) => (
                  <SessionRow
                    key={session.id}
                    session={session}
                    showOperator={all}
                    mayWatch={may("recording.view")}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
      <MoreButton {...paging} />
    </>
  );
}

interface RowProps {
  session: Session;
  showOperator: boolean;
  mayWatch: boolean;
}

function SessionRow({ session, showOperator, mayWatch }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <ProtocolIcon protocol={session.protocol} size={28} />
          <Text fz="sm" fw={560}>
            {session.target_name}
          </Text>
        </Group>
      </Table.Td>
      {showOperator && <Table.Td>{session.operator_name}</Table.Td>}
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <SessionStateBadge state={session.state} />
          {session.close_reason && (
            <Text fz="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
              {plainWords(session.close_reason)}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Time at={session.opened_at} />
      </Table.Td>
      <Table.Td className="tabular">{lengthOf(session)}</Table.Td>
      <Table.Td ff="monospace" fz="xs">
        {session.client_address}
      </Table.Td>
      <Table.Td>
        {mayWatch && session.recording_id && (
          <Link to={`/recordings/${session.recording_id}`} className="link">
            Recording
          </Link>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function lengthOf({ opened_at, closed_at }: Session): string {
  if (closed_at === null) return "running";
  return durationText(Date.parse(closed_at) - Date.parse(opened_at));
}
