import { expect, it } from "vitest";
import { dayText, fillCurve, signedBytes } from "./figures";

it.each([
  [1, "1 day"],
  [3.46, "3.5 days"],
  [1234, "3.4 years"],
  [42.4, "42 days"],
])("says %d days as %s", (days, text) => {
  expect(dayText(days)).toBe(text);
});

it("says which way it goes", () => {
  expect(signedBytes(-1500)).toBe("−1.5 kB");
  expect(signedBytes(1500)).toBe("+1.5 kB");
});

it("fills a tier until the oldest goes", () => {
  expect(fillCurve(10, 30, 100)).toEqual([
    { day: 0, bytes: 0 },
    { day: 30, bytes: 300 },
    { day: 100, bytes: 300 },
  ]);
  expect(fillCurve(10, 300, 100)[2]).toEqual({ day: 100, bytes: 1000 });
});
