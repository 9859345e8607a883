import { expect, it } from "vitest";
import type { Recording } from "../../api/types";
import { filesOf } from "./files";

type Parts = Parameters<typeof filesOf>[0];
const part = (name: string) => ({ name, size_bytes: 1, sha256: "ab" });
const parts = (value: object) => value as unknown as Pick<Recording, keyof Parts>;

it("lists what is hot, and what the archive alone has as the manifest", () => {
  const files = filesOf(
    parts({
      segments: [part("segments/000000.guac")],
      renditions: [{ ...part("video.mp4"), engine: "h264" }],
      archive: [
        { ...part("segments/000000.guac"), verified_at: "2026-10-01T00:00:00Z" },
        { ...part("manifest.jsonl"), verified_at: "2026-10-02T00:00:00Z" },
      ],
    }),
  );
  expect(files.map(({ name, kind, verified_at: at }) => [name, kind, at])).toEqual([
    ["segments/000000.guac", "segment", "2026-10-01T00:00:00Z"],
    ["video.mp4", "rendition", null],
    ["manifest.jsonl", "manifest", "2026-10-02T00:00:00Z"],
  ]);
});
