/** What a purged recording consisted of. */

import type { Tombstone } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { Digest } from "../../elements/Digest";
import { bytesText } from "../../format/bytes";

const PLACES: Record<string, string> = {
  recording: "Recording",
  hot: "Hot storage",
  archive: "Archive",
  export: "Export",
};

type TombstoneFile = Tombstone["files"][number];

export function TombstoneFiles({ files }: { files: Tombstone["files"] }) {
  return <DataTable label="Files" fz="sm" verticalSpacing={6} columns={COLUMNS} rows={files} keyOf={keyOf} />;
}

function keyOf(file: TombstoneFile): string {
  return `${file.place}-${file.key ?? file.id ?? ""}-${file.name}-${file.version_id ?? ""}`;
}

const COLUMNS: Column<TombstoneFile>[] = [
  { title: "File", cell: ({ name }) => String(name) },
  { title: "Was in", cell: ({ place }) => PLACES[String(place)] ?? String(place) },
  {
    title: "Size",
    isNumber: true,
    cell: ({ size_bytes }) => (typeof size_bytes === "number" ? bytesText(size_bytes) : ""),
  },
  {
    title: "SHA-256",
    cell: ({ name, sha256 }) =>
      typeof sha256 === "string" ? (
        <Digest value={sha256} name={`SHA-256 of ${String(name)}`} />
      ) : (
        "not known"
      ),
  },
];
