import { expect, it } from "vitest";
import { factRows } from "./facts";

it("flattens what stages reported", () => {
  const facts = { render: { skipped_instructions: { video: 3 }, frame_count: 120, idle: [[0, 5]] }, ocr: {} };
  expect(factRows(facts)).toEqual([
    ["render: skipped instructions: video", "3"],
    ["render: frame count", "120"],
    ["render: idle", "[[0,5]]"],
    ["ocr", "none"],
  ]);
});

it("counts long lists instead of printing them", () => {
  expect(factRows({ idle: Array.from({ length: 30 }, () => [0, 1]) })).toEqual([["idle", "30 entries"]]);
});
