import { Text } from "@mantine/core";
import type { Recording } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { Digest } from "../../elements/Digest";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { filesOf, type RecordingFile } from "./files";
import { TEXTS } from "./texts";

export function FileTable({ recording }: { recording: Recording }) {
  const files = filesOf(recording);
  if (files.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        {TEXTS.noFileHasBeen}
      </Text>
    );
  }
  return (
    <DataTable
      label={TEXTS.files}
      fz="sm"
      columns={COLUMNS}
      rows={files}
      keyOf={({ kind, name }) => `${kind}-${name}`}
    />
  );
}

const COLUMNS: Column<RecordingFile>[] = [
  { title: TEXTS.name, cell: ({ name }) => name },
  { title: TEXTS.kind, cell: ({ kind, engine }) => (engine === "" ? kind : `${kind} (${engine})`) },
  { title: TEXTS.size, isNumber: true, cell: ({ size_bytes }) => bytesText(size_bytes) },
  { title: TEXTS.sha256, cell: ({ name, sha256 }) => <Digest value={sha256} name={TEXTS.sha256Of(name)} /> },
  {
    title: TEXTS.inArchive,
    cell: ({ verified_at }) =>
      verified_at === null ? (
        "no"
      ) : (
        <>
          {TEXTS.verifiedAt} <Time at={verified_at} relative />
        </>
      ),
  },
];
