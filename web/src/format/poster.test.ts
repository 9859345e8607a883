import { expect, it } from "vitest";
import { posterMs } from "./poster";

it("is the first picture with something to see", () => {
  expect(posterMs({ poster_ms: 0, duration_ms: 9000 })).toBe(0);
  expect(posterMs({ poster_ms: 4200, duration_ms: 9000 })).toBe(4200);
});

it("is the middle of a recording whose pictures are all blank or not made yet", () => {
  expect(posterMs({ poster_ms: null, duration_ms: 9000 })).toBe(4500);
  expect(posterMs({ poster_ms: null, duration_ms: null })).toBe(0);
});
