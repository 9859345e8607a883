/** All files of a recording with what the archive holds of them. Pure. */
import type { Recording } from "../../api/types";

export interface RecordingFile {
  name: string;
  kind: "segment" | "rendition" | "manifest";
  size_bytes: number;
  sha256: string;
  engine: string;
  verified_at: string | null;
}

export function filesOf(recording: Pick<Recording, "segments" | "renditions" | "archive">): RecordingFile[] {
  const verifiedAt = new Map(recording.archive.map((object) => [object.name, object.verified_at]));
  const own = [
    ...recording.segments.map((part) => ({ ...part, kind: "segment" as const, engine: "" })),
    ...recording.renditions.map((part) => ({ ...part, kind: "rendition" as const })),
  ];
  const named = new Set(own.map(({ name }) => name));
  // The manifest has no row of its own; the archive lists it.
  const manifest = recording.archive
    .filter(({ name }) => !named.has(name))
    .map((part) => ({ ...part, kind: "manifest" as const, engine: "" }));
  return [...own, ...manifest].map(({ name, kind, size_bytes, sha256, engine }) => ({
    name,
    kind,
    size_bytes,
    sha256,
    engine,
    verified_at: verifiedAt.get(name) ?? null,
  }));
}
