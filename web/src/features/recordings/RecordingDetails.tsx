/** What is known of a recording besides its picture: digest, parts, gaps, stages, archive, what was skipped. */
import { Badge, Code, Paper, Table, Tabs, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Recording } from "../../api/types";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { durationText, offsetText } from "../../format/time";
import { plainWords } from "../../format/words";
import { ArchivePanel } from "./ArchivePanel";
import { CustodyPanel } from "../custody/CustodyPanel";
import { FileTable } from "./FileTable";
import { factRows, screenShareRead, skippedText } from "./facts";
import { IntegrityPanel } from "./IntegrityPanel";
import { StageList } from "./StageList";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

export function RecordingDetails({ recording }: { recording: Recording }) {
  const may = useMay();
  return (
    <Paper p="md">
      <Tabs defaultValue="overview" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">{TEXTS.overview}</Tabs.Tab>
          <Tabs.Tab value="stages">{TEXTS.stages}</Tabs.Tab>
          <Tabs.Tab value="files">{TEXTS.files}</Tabs.Tab>
          <Tabs.Tab value="archive">{TEXTS.archive}</Tabs.Tab>
          <Tabs.Tab value="gaps" rightSection={<CountBadge count={recording.gaps.length} />}>
            {TEXTS.gaps}
          </Tabs.Tab>
          {may("recording.verify") && <Tabs.Tab value="integrity">{TEXTS.integrity}</Tabs.Tab>}
          <Tabs.Tab value="facts">{TEXTS.reports}</Tabs.Tab>
          {may("custody.read") && <Tabs.Tab value="custody">{TEXTS.custody}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview recording={recording} />
        </Tabs.Panel>
        <Tabs.Panel value="stages">
          <StageList recording={recording} />
        </Tabs.Panel>
        <Tabs.Panel value="files">
          <FileTable recording={recording} />
        </Tabs.Panel>
        <Tabs.Panel value="archive">
          <ArchivePanel recording={recording} />
        </Tabs.Panel>
        <Tabs.Panel value="gaps">
          <Gaps recording={recording} />
        </Tabs.Panel>
        <Tabs.Panel value="integrity">
          <IntegrityPanel recording={recording} />
        </Tabs.Panel>
        <Tabs.Panel value="facts">
          <Facts recording={recording} />
        </Tabs.Panel>
        <Tabs.Panel value="custody">
          <CustodyPanel recording={recording} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}

function CountBadge({ count }: { count: number }) {
  return count === 0 ? null : (
    <Badge size="sm" color="red" variant="light" circle>
      {count}
    </Badge>
  );
}

function Overview({ recording }: { recording: Recording }) {
  const skipped = skippedText(recording.facts);
  const share = screenShareRead(recording.facts);
  return (
    <dl className="fact-grid">
      <Fact name={TEXTS.operator}>{recording.operator_name}</Fact>
      <Fact name={TEXTS.target}>
        {recording.target_name}
        {recording.protocol !== "" && ` (${recording.protocol.toUpperCase()})`}
      </Fact>
      <Fact name={TEXTS.began}>
        <Time at={recording.started_at} />
        {recording.is_start_guessed && TEXTS.estimated}
      </Fact>
      <Fact name={TEXTS.ended}>
        {recording.closed_at ? <Time at={recording.closed_at} /> : TEXTS.stillRunning}
      </Fact>
      {recording.imported_at && (
        <Fact name={TEXTS.imported}>
          <Time at={recording.imported_at} />
        </Fact>
      )}
      {recording.close_reason && <Fact name={TEXTS.closeReason}>{plainWords(recording.close_reason)}</Fact>}
      {recording.duration_ms !== null && (
        <Fact name={TEXTS.length}>{durationText(recording.duration_ms)}</Fact>
      )}
      {recording.width !== null && (
        <Fact name={TEXTS.screen}>
          {recording.width} × {recording.height}
        </Fact>
      )}
      {recording.size_bytes !== null && (
        <Fact name={TEXTS.sizeOfOriginal}>{bytesText(recording.size_bytes)}</Fact>
      )}
      <Fact name={TEXTS.typedKeys}>
        {recording.keys_recorded ? TEXTS.recorded : TEXTS.notRecordedByPolicy}
      </Fact>
      {!recording.index_text && <Fact name={TEXTS.text}>{TEXTS.notSearchableByPolicy}</Fact>}
      {skipped !== null && <Fact name={TEXTS.skippedInstructions}>{skipped}</Fact>}
      {share !== null && <Fact name={TEXTS.textThatCouldBe}>{share}</Fact>}
      {recording.searchable_seconds !== null && (
        <Fact name={TEXTS.disconnectToSearchable}>{durationText(recording.searchable_seconds * 1000)}</Fact>
      )}
      {recording.state !== "purged" && (
        <Fact name={TEXTS.readFrom}>{recording.tier === "hot" ? TEXTS.hotStorage : TEXTS.theArchive}</Fact>
      )}
      {recording.archived_at && (
        <Fact name={TEXTS.archived}>
          <Time at={recording.archived_at} />
        </Fact>
      )}
      {recording.digest && (
        <Fact name={TEXTS.sha256OfOriginal}>
          <span className="digest">{recording.digest}</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Gaps({ recording }: { recording: Recording }) {
  if (recording.gaps.length === 0) return <Nothing>{TEXTS.noGapsWholeSession}</Nothing>;
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{TEXTS.from}</Table.Th>
          <Table.Th>{TEXTS.to}</Table.Th>
          <Table.Th>{TEXTS.cause}</Table.Th>
          <Table.Th>{TEXTS.detail}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {recording.gaps.map((gap) => (
          <Table.Tr key={`${gap.start_ms}-${gap.cause}`}>
            <Table.Td className="tabular">{offsetText(gap.start_ms, true)}</Table.Td>
            <Table.Td className="tabular">
              {gap.end_ms === null ? TEXTS.end : offsetText(gap.end_ms, true)}
            </Table.Td>
            <Table.Td>{plainWords(gap.cause)}</Table.Td>
            <Table.Td>{gap.detail}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Skipped instructions, engines, counts: whatever the stages reported, as they named it. */
function Facts({ recording }: { recording: Recording }) {
  const rows = factRows(recording.facts);
  if (rows.length === 0) return <Nothing>{TEXTS.stagesHaveReportedNothing}</Nothing>;
  return (
    <dl className="fact-grid">
      {rows.map(([name, value]) => (
        <Fact key={name} name={name}>
          <Code>{value}</Code>
        </Fact>
      ))}
    </dl>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return (
    <Text fz="sm" c="dimmed">
      {children}
    </Text>
  );
}
