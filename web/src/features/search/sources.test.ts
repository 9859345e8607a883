import { describe, expect, it } from "vitest";
import type { Source } from "../../api/types";
import { exampleOf } from "./sources";

describe("exampleOf", () => {
  it("explains a source", () => {
    expect(exampleOf({ name: "keys" })).toEqual(["keys:passwd", "typed, where keys were recorded"]);
  });

  it("names a source that is newer than these pages", () => {
    expect(exampleOf({ name: "output" as Source["name"] })[0]).toBe("output:word");
  });
});
