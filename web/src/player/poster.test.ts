import { expect, it } from "vitest";
import { pictureMsOf } from "./poster";

it("shows the first picture that is not blank, else the middle", () => {
  expect(pictureMsOf({ duration_ms: 60_000, poster_ms: 900 })).toBe(900);
  expect(pictureMsOf({ duration_ms: 60_000, poster_ms: 0 })).toBe(0);
  expect(pictureMsOf({ duration_ms: 60_000, poster_ms: null })).toBe(30_000);
  expect(pictureMsOf({ duration_ms: 60_000 })).toBe(30_000);
  expect(pictureMsOf({ duration_ms: null })).toBe(0);
});
