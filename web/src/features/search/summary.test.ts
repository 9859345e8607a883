import { expect, it } from "vitest";
import { countText, shareText, summaryText } from "./summary";

it("says how much was looked at, above all when nothing was found", () => {
  const coverage = { recordings: 412, screen_seconds: 1000, read_share: 0.992 };
  expect(summaryText("0 hits", 412, coverage)).toBe(
    "0 hits in 412 sessions, 99.2 % of visible screen-time read",
  );
});

it("claims no share that is not known", () => {
  expect(summaryText("3 hits", 1, null)).toBe("3 hits in 1 session");
  expect(summaryText("0 hits", 0, { recordings: 0, screen_seconds: 0, read_share: 1 })).toBe(
    "0 hits in 0 sessions",
  );
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
