import { Table, Text } from "@mantine/core";
import type { Recording } from "../../api/types";
import { Time } from "../../app/elements/Time";
import { bytesText } from "../../app/format/bytes";
import { filesOf } from "./files";

export function FileTable({ recording }: { recording: Recording }) {
  const files = filesOf(recording);
  if (files.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No file has been closed yet.
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Size</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>In the archive</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr key={`${file.kind}-${file.name}`}>
              <Table.Td>{file.name}</Table.Td>
              <Table.Td title={file.engine}>{file.kind}</Table.Td>
              <Table.Td className="tabular">{bytesText(file.size_bytes)}</Table.Td>
              <Table.Td className="digest" title={file.sha256}>
                {file.sha256.slice(0, 16)}…
              </Table.Td>
              <Table.Td>
                {file.verified_at === null ? "no" : "verified "}
                {file.verified_at !== null && <Time at={file.verified_at} relative />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
