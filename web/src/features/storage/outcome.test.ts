import { expect, it } from "vitest";
import { outcomeOf } from "./outcome";

const base = { state: "done" as const, error: null };

it("says that everything fits", () => {
  expect(outcomeOf({ ...base, result: { recording_count: 1, found_count: 0, repaired_count: 0 } })).toEqual({
    text: "1 recording compared, everything fits.",
    how: "sizes compared",
    trouble: null,
  });
});

it("counts what was found, and says what was not looked at", () => {
  const result = {
    deep: true,
    recording_count: 1200,
    found_count: 3,
    repaired_count: 2,
    moving_count: 1,
    archive_trouble: "the archive does not answer",
  };
  expect(outcomeOf({ ...base, result })).toEqual({
    text: "1,200 recordings compared, 3 discrepancies found, 2 repaired.",
    how: "every byte read",
    trouble: "The archive: the archive does not answer. Skipped while being processed: 1 recording.",
  });
});

it("says why it failed", () => {
  expect(outcomeOf({ state: "failed", result: {}, error: "disk full" }).trouble).toBe("disk full");
});
