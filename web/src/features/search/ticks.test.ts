import { expect, it } from "vitest";
import { placeOfTick, stripLength } from "./ticks";

it.each([
  [0, 1000, 0],
  [250, 1000, 25],
  [1200, 1000, 100],
  [-5, 1000, 0],
  [500, 0, 0],
])("puts %d ms of %d ms at %d percent", (offset, duration, percent) => {
  expect(placeOfTick(offset, duration)).toBe(percent);
});

it("is as long as the session, or as what is known of it", () => {
  expect(stripLength(9000, [{ offset_ms: 10 }])).toBe(9000);
  expect(stripLength(null, [{ offset_ms: 10 }, { offset_ms: 700 }])).toBe(700);
  expect(stripLength(null, [])).toBe(0);
});
