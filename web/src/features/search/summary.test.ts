import { expect, it } from "vitest";
import { shareText, summaryText } from "./summary";
import { countText } from "../../format/count";

const coverage = {
  recordings: 412,
  unread_recordings: 0,
  screen_seconds: 1000,
  read_seconds: 992,
  read_share: 0.992,
};

it("says how much was looked at, above all when nothing was found", () => {
  expect(summaryText("0 hits", coverage)).toBe("0 hits in 412 sessions, 99.2 % of visible screen-time read");
});

it("names what cannot be searched, and claims no share where nothing was to be seen", () => {
  const little = { ...coverage, recordings: 1, unread_recordings: 2, read_share: null };
  expect(summaryText("3 hits", little)).toBe("3 hits in 1 session, 2 sessions not searchable");
});

it.each([
  [1, "100 %"],
  [0.99999, "99.9 %"],
  [0.057, "5.7 %"],
  [0, "0.0 %"],
])("writes the share %d as %s", (share, text) => {
  expect(shareText(share)).toBe(text);
});

it("counts, and says when there are more", () => {
  expect(countText(1, "hit")).toBe("1 hit");
  expect(countText(1200, "hit", true)).toBe("first 1,200 hits");
});
