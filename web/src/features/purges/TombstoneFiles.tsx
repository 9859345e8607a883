/** What a purged recording consisted of. */

import type { Tombstone } from "../../api/types";
import { type Column, DataTable } from "../../elements/DataTable";
import { Digest } from "../../elements/Digest";
import { bytesText } from "../../format/bytes";
import { TEXTS } from "./texts";

const PLACES: Record<string, string> = {
  recording: TEXTS.recording,
  hot: TEXTS.hotStorage,
  archive: TEXTS.archive,
  export: TEXTS.export,
};

type TombstoneFile = Tombstone["files"][number];

export function TombstoneFiles({ files }: { files: Tombstone["files"] }) {
  return (
    <DataTable label={TEXTS.files} fz="sm" verticalSpacing={6} columns={COLUMNS} rows={files} keyOf={keyOf} />
  );
}

function keyOf(file: TombstoneFile): string {
  return `${file.place}-${file.key ?? file.id ?? ""}-${file.name}-${file.version_id ?? ""}`;
}

const COLUMNS: Column<TombstoneFile>[] = [
  { title: TEXTS.file, cell: ({ name }) => String(name) },
  { title: TEXTS.wasIn, cell: ({ place }) => PLACES[String(place)] ?? String(place) },
  {
    title: TEXTS.size,
    isNumber: true,
    cell: ({ size_bytes }) => (typeof size_bytes === "number" ? bytesText(size_bytes) : ""),
  },
  {
    title: TEXTS.sha256,
    cell: ({ name, sha256 }) =>
      typeof sha256 === "string" ? (
        <Digest value={sha256} name={TEXTS.sha256Of(String(name))} />
      ) : (
        TEXTS.notKnown
      ),
  },
];
