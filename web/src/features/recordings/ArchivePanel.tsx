/** Where a recording's bytes are, until when, and how its archived copies are kept. */
import { Stack, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { ArchiveObject, Recording } from "../../api/types";
import { ToneBadge } from "../../app/elements/StateBadge";
import { Time } from "../../app/elements/Time";
import { bytesText } from "../../app/format/bytes";
import { archiveSummary, savedText } from "./archive";

export function ArchivePanel({ recording }: { recording: Recording }) {
  if (recording.archive.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        Nothing of this recording is in the archive yet; it is kept on hot disk until a verified copy is.
      </Text>
    );
  }
  return (
    <Stack>
      <Summary recording={recording} />
      <Table.ScrollContainer minWidth={760}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Archived size</Table.Th>
              <Table.Th>Stored</Table.Th>
              <Table.Th>Locked until</Table.Th>
              <Table.Th>Verified</Table.Th>
              <Table.Th>SHA-256 of the object</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {recording.archive.map((object) => (
              <ObjectRow key={object.name} object={object} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

function Summary({ recording }: { recording: Recording }) {
  const { sizeBytes, lockedUntil, isHeld, storageClasses } = archiveSummary(recording.archive);
  const saved = savedText(recording);
  return (
    <dl className="fact-grid">
      <Fact name="Read from">
        {recording.tier === "archive" && "the archive, in the parts that are asked for"}
        {recording.tier === "hot" && "hot disk"}
        {recording.tier === "hot" && recording.hot_until_at && (
          <>
            , until <Time at={recording.hot_until_at} />
          </>
        )}
      </Fact>
      {recording.archived_at && (
        <Fact name="Archived">
          <Time at={recording.archived_at} />
        </Fact>
      )}
      <Fact name="Size in the archive">
        {bytesText(sizeBytes)}
        {saved !== null && `; ${saved}`}
      </Fact>
      {storageClasses !== "" && <Fact name="Storage class">{storageClasses}</Fact>}
      <Fact name="Object lock">{lockedUntil ? <Lock until={lockedUntil} /> : "none"}</Fact>
      {isHeld && (
        <Fact name="Legal hold">
          <ToneBadge title="on" tone="wait" means="The archive refuses to delete it while it is held." />
        </Fact>
      )}
    </dl>
  );
}

function Lock({ until }: { until: string }) {
  return (
    <>
      until <Time at={until} />, in compliance mode: nobody can delete or shorten it before
    </>
  );
}

function ObjectRow({ object }: { object: ArchiveObject }) {
  return (
    <Table.Tr>
      <Table.Td>{object.name}</Table.Td>
      <Table.Td className="tabular">{bytesText(object.size_bytes)}</Table.Td>
      <Table.Td>{object.encoding === "" ? "as it is" : `compressed (${object.encoding})`}</Table.Td>
      <Table.Td>
        {object.locked_until_at ? <Time at={object.locked_until_at} /> : "not locked"}
        {object.legal_hold && ", on legal hold"}
      </Table.Td>
      <Table.Td>
        <Time at={object.verified_at} relative />
      </Table.Td>
      <Table.Td className="digest" title={`${object.sha256} at ${object.key}`}>
        {object.sha256.slice(0, 16)}…
      </Table.Td>
    </Table.Tr>
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
