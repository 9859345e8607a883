import { describe, expect, it } from "vitest";
import type { ArchiveObject } from "../../api/types";
import { archiveSummary, daysText, savedText } from "./archive";

function object(change: Partial<ArchiveObject>): ArchiveObject {
  return {
    name: "video.mp4",
    key: "k",
    version_id: null,
    size_bytes: 100,
    sha256: "0",
    encoding: "",
    storage_class: "",
    locked_until_at: null,
    legal_hold: false,
    verified_at: "2026-01-01T00:00:00Z",
    ...change,
  };
}

describe("archiveSummary", () => {
  it("counts as locked only what is locked altogether, and until the first lock ends", () => {
    const late = object({ locked_until_at: "2027-02-01T00:00:00Z" });
    const early = object({ locked_until_at: "2027-01-01T00:00:00Z" });
    expect(archiveSummary([late, early]).lockedUntil).toBe("2027-01-01T00:00:00Z");
    expect(archiveSummary([late, object({})]).lockedUntil).toBeNull();
  });

  it("sums sizes and names classes once", () => {
    const rows = [
      object({ storage_class: "STANDARD_IA" }),
      object({ storage_class: "STANDARD_IA", legal_hold: true }),
    ];
    expect(archiveSummary(rows)).toEqual({
      sizeBytes: 200,
      lockedUntil: null,
      isHeld: true,
      storageClasses: "STANDARD_IA",
    });
  });
});

describe("savedText", () => {
  const segments = [{ number: 0, name: "segments/000000.guac", size_bytes: 200, sha256: "0" }];

  it("says how much smaller the original is", () => {
    const archive = [object({ name: "segments/000000.guac", encoding: "zstd", size_bytes: 108 })];
    expect(savedText({ archive, segments } as never)).toBe("the original takes 46 % less there");
  });

  it("says nothing where nothing was compressed", () => {
    expect(savedText({ archive: [object({})], segments } as never)).toBeNull();
    expect(savedText({ archive: [], segments: [] } as never)).toBeNull();
  });
});

describe("a restore", () => {
  it("lasts for days or hours", () => {
    expect([1, 7, 1.5, 0.5, 0.01].map(daysText)).toEqual([
      "1 day",
      "7 days",
      "1.5 days",
      "12 hours",
      "1 hour",
    ]);
  });
});
