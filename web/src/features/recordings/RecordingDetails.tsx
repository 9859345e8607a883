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

export function RecordingDetails({ recording }: { recording: Recording }) {
  const may = useMay();
  return (
    <Paper p="md">
      <Tabs defaultValue="overview" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="stages">Stages</Tabs.Tab>
          <Tabs.Tab value="files">Files</Tabs.Tab>
          <Tabs.Tab value="archive">Archive</Tabs.Tab>
          <Tabs.Tab value="gaps" rightSection={<CountBadge count={recording.gaps.length} />}>
            Gaps
          </Tabs.Tab>
          {may("recording.verify") && <Tabs.Tab value="integrity">Integrity</Tabs.Tab>}
          <Tabs.Tab value="facts">Reports</Tabs.Tab>
          {may("custody.read") && <Tabs.Tab value="custody">Custody</Tabs.Tab>}
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
      <Fact name="Operator">{recording.operator_name}</Fact>
      <Fact name="Target">
        {recording.target_name}
        {recording.protocol !== "" && ` (${recording.protocol.toUpperCase()})`}
      </Fact>
      <Fact name="Began">
        <Time at={recording.started_at} />
        {recording.is_start_guessed && " (estimated from the file’s date)"}
      </Fact>
      <Fact name="Ended">{recording.closed_at ? <Time at={recording.closed_at} /> : "still running"}</Fact>
      {recording.imported_at && (
        <Fact name="Imported">
          <Time at={recording.imported_at} />
        </Fact>
      )}
      {recording.close_reason && <Fact name="Close reason">{plainWords(recording.close_reason)}</Fact>}
      {recording.duration_ms !== null && <Fact name="Length">{durationText(recording.duration_ms)}</Fact>}
      {recording.width !== null && (
        <Fact name="Screen">
          {recording.width} × {recording.height}
        </Fact>
      )}
      {recording.size_bytes !== null && (
        <Fact name="Size of the original">{bytesText(recording.size_bytes)}</Fact>
      )}
      <Fact name="Typed keys">
        {recording.keys_recorded ? "recorded" : "not recorded, by policy of the target"}
      </Fact>
      {!recording.index_text && <Fact name="Text">not searchable, by policy of the target</Fact>}
      {skipped !== null && <Fact name="Skipped instructions">{skipped}</Fact>}
      {share !== null && <Fact name="Text that could be read">{share}</Fact>}
      {recording.searchable_seconds !== null && (
        <Fact name="Disconnect to searchable">{durationText(recording.searchable_seconds * 1000)}</Fact>
      )}
      {recording.state !== "purged" && (
        <Fact name="Read from">{recording.tier === "hot" ? "hot storage" : "the archive"}</Fact>
      )}
      {recording.archived_at && (
        <Fact name="Archived">
          <Time at={recording.archived_at} />
        </Fact>
      )}
      {recording.digest && (
        <Fact name="SHA-256 of the original">
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
  if (recording.gaps.length === 0) return <Nothing>No gaps: the whole session is recorded.</Nothing>;
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>From</Table.Th>
          <Table.Th>To</Table.Th>
          <Table.Th>Cause</Table.Th>
          <Table.Th>Detail</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {recording.gaps.map((gap) => (
          <Table.Tr key={`${gap.start_ms}-${gap.cause}`}>
            <Table.Td className="tabular">{offsetText(gap.start_ms, true)}</Table.Td>
            <Table.Td className="tabular">
              {gap.end_ms === null ? "the end" : offsetText(gap.end_ms, true)}
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
  if (rows.length === 0) return <Nothing>The stages have reported nothing yet.</Nothing>;
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
