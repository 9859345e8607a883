// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { fieldsOf, phraseOf } from "./client";

const PATTERN = { type: "string_pattern_mismatch", loc: ["body", "target_group"], msg: "match '^[a-z]$'" };
const SHORT = { type: "string_too_short", loc: ["body", "policy", "name"], ctx: { min_length: 1 } };

describe("what the server refuses", () => {
  it("is said in words where it is shown as a whole, and never quotes a pattern", () => {
    expect(phraseOf({ detail: [PATTERN] }, 422)).toBe(
      "Target group: Has characters that are not allowed here.",
    );
  });

  it("is known by its field", () => {
    expect(fieldsOf({ detail: [PATTERN, SHORT] })).toEqual({
      target_group: "Has characters that are not allowed here.",
      name: "Required.",
    });
    expect(fieldsOf({ detail: "no such target" })).toEqual({});
    expect(fieldsOf({ detail: "parameter 'x' is a number", field: "parameters.x" })).toEqual({
      "parameters.x": "Parameter 'x' is a number.",
    });
  });
});
