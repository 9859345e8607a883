import { describe, expect, it } from "vitest";
import { momentMs, momentText } from "./moment";

describe("momentMs", () => {
  it.each([
    ["90", 90_000],
    ["1:30", 90_000],
    ["1:01:30.5", 3_690_500],
    [" 0:07,25 ", 7_250],
  ])("reads %s", (text, ms) => expect(momentMs(text)).toBe(ms));

  it.each(["", "soon", "1:2:3:4", "-5", "1:", "1e3"])("refuses %j", (text) =>
    expect(momentMs(text)).toBeNull(),
  );
});

describe("momentText", () => {
  it.each([0, 7_000, 90_500, 3_690_001])("is read back from %i ms", (ms) =>
    expect(momentMs(momentText(ms))).toBe(ms),
  );

  it("says hours only where there are some", () => {
    expect(momentText(7_000)).toBe("0:07");
    expect(momentText(3_690_500)).toBe("1:01:30.500");
  });
});
