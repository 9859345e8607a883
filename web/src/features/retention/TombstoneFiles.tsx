/** What a purged recording consisted of. */
import { Table, Text } from "@mantine/core";
import type { Tombstone } from "../../api/types";
import { bytesText } from "../../app/format/bytes";

const PLACES: Record<string, string> = {
  recording: "Recording",
  hot: "Hot storage",
  archive: "Archive",
  export: "Export",
};

export function TombstoneFiles({ files }: { files: Tombstone["files"] }) {
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th>Was in</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
            <Table.Th>SHA-256</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr
              key={`${file.place}-${file.key ?? file.id ?? ""}-${file.name}-${file.version_id ?? ""}`}
            >
              <Table.Td>{String(file.name)}</Table.Td>
              <Table.Td>{PLACES[String(file.place)] ?? String(file.place)}</Table.Td>
              <Table.Td ta="right" className="tabular">
                {typeof file.size_bytes === "number" ? bytesText(file.size_bytes) : ""}
              </Table.Td>
              <Table.Td>
                <Text span className="digest">
                  {typeof file.sha256 === "string" ? file.sha256 : "not known"}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
