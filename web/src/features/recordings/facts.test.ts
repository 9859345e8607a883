import { expect, it } from "vitest";
import { factRows, screenShareRead, skippedText } from "./facts";

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

it("names skipped instructions, and says so when there are none", () => {
  expect(skippedText({ render: { skipped: { arc: 2, video: 1 } } })).toBe("arc 2, video 1");
  expect(skippedText({ render: { skipped: {} } })).toBe("none");
  expect(skippedText({})).toBeNull();
});

it("tells how much of the text was read", () => {
  expect(screenShareRead({ ocr: { share_read: 0.9917 } })).toBe("99.2 %");
  expect(screenShareRead({ ocr: {} })).toBeNull();
});
