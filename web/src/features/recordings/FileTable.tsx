import { Text } from "@mantine/core";
import type { Recording } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { Digest } from "../../elements/Digest";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { filesOf, type RecordingFile } from "./files";

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
    <DataTable
      label="Files"
      fz="sm"
      columns={COLUMNS}
      rows={files}
      keyOf={({ kind, name }) => `${kind}-${name}`}
    />
  );
}

const COLUMNS: Column<RecordingFile>[] = [
  { title: "Name", cell: ({ name }) => name },
  { title: "Kind", cell: ({ kind, engine }) => (engine === "" ? kind : `${kind} (${engine})`) },
  { title: "Size", isNumber: true, cell: ({ size_bytes }) => bytesText(size_bytes) },
  { title: "SHA-256", cell: ({ name, sha256 }) => <Digest value={sha256} name={`SHA-256 of ${name}`} /> },
  {
    title: "In the archive",
    cell: ({ verified_at }) =>
      verified_at === null ? (
        "no"
      ) : (
        <>
          verified <Time at={verified_at} relative />
        </>
      ),
  },
];
