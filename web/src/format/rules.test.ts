import { describe, expect, it } from "vitest";
import { all, atMost, between, filled, host, newPassword, password, refusalText, username } from "./rules";

describe("rules", () => {
  it.each(["ann", "a.b_c@d-e", "9lives"])("take the user name %s", (name) =>
    expect(username(name)).toBeNull(),
  );
  it.each(["", " ", "bad name!", ".ann", "ä", "a".repeat(65)])("refuse the user name %j", (name) =>
    expect(username(name)).not.toBeNull(),
  );
  it.each(["10.0.0.5", "db-1.example.org", "[::1]"])("take the host %s", (name) =>
    expect(host(name)).toBeNull(),
  );
  it.each(["", "no such host!!", "http://x"])("refuse the host %j", (name) =>
    expect(host(name)).not.toBeNull(),
  );

  it("let an old password stand and measure a new one", () => {
    expect([password(""), password("short"), password("twelve chars")]).toEqual([
      null,
      "At least 12 characters.",
      null,
    ]);
    expect(newPassword("")).toBe("Required.");
  });

  it("name the bounds of a number", () => {
    const port = between(1, 65_535);
    expect([port(0), port(""), port(443)]).toEqual([
      "A number from 1 to 65,535.",
      "A number from 1 to 65,535.",
      null,
    ]);
  });

  it("stop at the first fault", () => {
    expect(all(filled, atMost(3))("")).toBe("Required.");
    expect(all(filled, atMost(3))("long")).toBe("At most 3 characters.");
  });
});

describe("refusalText", () => {
  it.each([
    [
      { type: "string_pattern_mismatch", msg: "String should match pattern '^x$'", ctx: { pattern: "^x$" } },
      "Has characters that are not allowed here.",
    ],
    [{ type: "string_too_short", ctx: { min_length: 12 } }, "At least 12 characters."],
    [{ type: "string_too_short", ctx: { min_length: 1 } }, "Required."],
    [{ type: "less_than_equal", ctx: { le: 100 } }, "At most 100."],
    [{ type: "value_error", msg: "Value error, the name is taken" }, "The name is taken."],
    [{ type: "less_than_equal", msg: "Input should be at most 9" }, "Input should be at most 9."],
    [{}, "Not valid."],
  ])("says %j in words", (entry, words) => expect(refusalText(entry)).toBe(words));
});
