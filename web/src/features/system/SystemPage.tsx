import { Group, Paper, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { systemQuery } from "./queries";
import type { RecordingState, Stage, SystemReport } from "../../api/types";
import { Figure } from "../../elements/Figure";
import { ErrorNotice } from "../../elements/ErrorNotice";
import { RowsLoading } from "../../elements/Loading";
import { PageHeader } from "../../elements/PageHeader";
import { ToneBadge } from "../../elements/ToneBadge";
import { durationText } from "../../format/time";
import { plainWords, sentence } from "../../format/words";
import { ArchiveStatus } from "./ArchiveStatus";
import { RetryFailedButton } from "./RetryFailedButton";
import { RECORDING_STATE_WORDS, STAGE_WORDS } from "../../api/texts";
import { TEXTS } from "./texts";

export function SystemPage() {
  const { data, isPending, error, refetch } = useQuery(systemQuery);
  return (
    <>
      <PageHeader title={TEXTS.system} lead={TEXTS.lead} />
      {isPending && <RowsLoading height={96} count={3} />}
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {data && <Report report={data} />}
    </>
  );
}

function Report({ report }: { report: SystemReport }) {
  const recordings = Object.values(report.recordings).reduce((sum, count) => sum + count, 0);
  const waiting = report.backlog.reduce((sum, row) => sum + row.count, 0);
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, lg: 4 }}>
        <Figure name={TEXTS.state} value={report.status === "ok" ? TEXTS.allWell : TEXTS.degraded} />
        <Figure name={TEXTS.liveSessions} value={report.live_sessions} />
        <Figure name={TEXTS.recordings} value={recordings.toLocaleString()} />
        <Figure
          name={TEXTS.searchableAfterMedian24}
          value={
            report.searchable_seconds === null
              ? TEXTS.noneYet
              : durationText(report.searchable_seconds * 1000)
          }
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Checks report={report} />
        <Children report={report} />
        <Backlog report={report} waiting={waiting} />
        <States report={report} />
      </SimpleGrid>
      <Panel title={TEXTS.archive}>
        <ArchiveStatus archive={report.archive} />
      </Panel>
      <Text fz="xs" c="dimmed">
        {TEXTS.gateway(report.gateway_id)}
      </Text>
    </Stack>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper p="md">
      <Title order={2} fz="md" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

function Checks({ report }: { report: SystemReport }) {
  return (
    <Panel title={TEXTS.checks}>
      <Stack gap={8}>
        {report.checks.map((check) => (
          <Group key={check.name} gap="sm" wrap="nowrap" align="flex-start">
            {check.ok ? (
              <CircleCheck size={18} color="var(--mantine-color-gate-6)" role="img" aria-label={TEXTS.ok} />
            ) : (
              <TriangleAlert
                size={18}
                color="var(--mantine-color-red-6)"
                role="img"
                aria-label={TEXTS.notOk}
              />
            )}
            <div>
              <Text fz="sm" fw={560}>
                {sentence(plainWords(check.name))}
              </Text>
              <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {check.detail}
              </Text>
            </div>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function Children({ report }: { report: SystemReport }) {
  return (
    <Panel title={TEXTS.processes}>
      {report.children.length === 0 && <Nothing>{TEXTS.nothingIsSupervisedHere}</Nothing>}
      {report.children.length > 0 && (
        <Table fz="sm" verticalSpacing={6}>
          <Table.Tbody>
            {report.children.map((child) => (
              <Table.Tr key={child.name}>
                <Table.Td fw={560}>{sentence(plainWords(child.name))}</Table.Td>
                <Table.Td>
                  <ToneBadge
                    title={sentence(plainWords(child.state))}
                    tone={child.state === "running" ? "ok" : "bad"}
                  />
                </Table.Td>
                <Table.Td ta="right" c="dimmed">
                  {restartText(child.restarts)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function Backlog({ report, waiting }: { report: SystemReport; waiting: number }) {
  return (
    <Panel title={TEXTS.backlog}>
      {waiting === 0 && <Nothing>{TEXTS.nothingWaits}</Nothing>}
      {waiting > 0 && (
        <Table fz="sm" verticalSpacing={6}>
          <Table.Tbody>
            {report.backlog.map((row) => (
              <Table.Tr key={`${row.stage}-${row.state}`}>
                <Table.Td fw={560}>
                  {STAGE_WORDS[row.stage as Stage["name"]]?.title ?? plainWords(row.stage)}
                </Table.Td>
                <Table.Td>
                  <ToneBadge
                    title={sentence(plainWords(row.state))}
                    tone={row.state === "failed" ? "bad" : "wait"}
                  />
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {row.count}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {report.backlog.some((row) => row.state === "failed") && <RetryFailedButton />}
    </Panel>
  );
}

function States({ report }: { report: SystemReport }) {
  const entries = Object.entries(report.recordings);
  return (
    <Panel title={TEXTS.recordingsByState}>
      {entries.length === 0 && <Nothing>{TEXTS.noRecordingsYet}</Nothing>}
      <Stack gap={6}>
        {entries.map(([state, count]) => (
          <Group key={state} justify="space-between" fz="sm">
            <Text inherit>
              {RECORDING_STATE_WORDS[state as RecordingState]?.title ?? sentence(plainWords(state))}
            </Text>
            <Text inherit className="tabular">
              {count.toLocaleString()}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return (
    <Text fz="sm" c="dimmed">
      {children}
    </Text>
  );
}

function restartText(count: number): string {
  if (count === 0) return TEXTS.noRestarts;
  return TEXTS.restartCount(count);
}
