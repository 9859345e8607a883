import { describe, expect, it } from "vitest";
import { median, qualityOf, RoundTrips } from "./roundTrip";

describe("RoundTrips", () => {
  it("is not moved by one slow answer", () => {
    const trips = new RoundTrips();
    for (const ms of [10, 12, 11, 900]) trips.add(ms);
    expect(trips.add(10)).toBe(11);
  });

  it("forgets what is long ago", () => {
    const trips = new RoundTrips();
    for (let count = 0; count < 20; count += 1) trips.add(500);
    for (let count = 0; count < 14; count += 1) trips.add(20);
    expect(trips.add(20)).toBe(20);
  });
});

it("takes the mean of the two middle values of an even count", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it.each([
  [20, "good"],
  [120, "fair"],
  [350, "poor"],
] as const)("rates %d ms as %s", (ms, quality) => {
  expect(qualityOf(ms)).toBe(quality);
});
