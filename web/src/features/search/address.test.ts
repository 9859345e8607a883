import { expect, it } from "vitest";
import { momentAddress, momentOf } from "../../format/addresses";

it("leads to a moment with the query that found it", () => {
  expect(momentAddress("r1", 1234.6, 'a "b c"&')).toBe("/recordings/r1?t=1235&q=a+%22b+c%22%26");
  expect(momentAddress("r/1", -5, "")).toBe("/recordings/r%2F1?t=0");
});

it.each([
  ["1500", 1500],
  [null, 0],
  ["-3", 0],
  ["1e9", 0],
  ["<b>", 0],
])("reads %s as %d ms", (text, ms) => {
  expect(momentOf(text)).toBe(ms);
});
