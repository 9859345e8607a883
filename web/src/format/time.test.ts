import { describe, expect, it } from "vitest";
import { zoneText, absoluteTimeWithZone, durationText, offsetText, relativeTime } from "./time";

const NOW = new Date("2026-03-01T12:00:00Z");

describe("relativeTime", () => {
  it.each([
    ["2026-03-01T11:59:40Z", "just now"],
    ["2026-03-01T11:57:00Z", "3 minutes ago"],
    ["2026-02-28T12:00:00Z", "yesterday"],
    ["2026-03-01T14:00:00Z", "in 2 hours"],
  ])("says %s as %s", (at, words) => {
    expect(relativeTime(new Date(at), NOW, "en")).toBe(words);
  });
});

it("names the zone with an absolute time", () => {
  const text = absoluteTimeWithZone(NOW, "en", "Europe/Berlin");
  expect(text).toContain("01:00:00 PM");
  expect(text).toContain("GMT+01:00 (Europe/Berlin)");
});

describe("offsetText", () => {
  it.each([
    [0, "0:00"],
    [247_900, "4:07"],
    [3_723_000, "1:02:03"],
    [-40, "0:00"],
  ])("says %d ms as %s", (ms, text) => {
    expect(offsetText(ms)).toBe(text);
  });

  it("adds tenths where wanted", () => {
    expect(offsetText(61_280, true)).toBe("1:01.2");
  });
});

it.each([
  [850, "850 ms"],
  [12_400, "12 s"],
  [59_700, "1 min"],
  [247_000, "4 min 7 s"],
  [7_500_000, "2 h 5 min"],
])("says a length of %d ms as %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

describe("zoneText", () => {
  it("names the zone with its offset of that day", () => {
    expect(zoneText(new Date("2026-11-28T12:00:00Z"), "en", "Europe/Berlin")).toBe("Europe/Berlin (GMT+1)");
    expect(zoneText(new Date("2026-07-01T12:00:00Z"), "en", "Europe/Berlin")).toBe("Europe/Berlin (GMT+2)");
  });
});
