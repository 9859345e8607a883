import { describe, expect, it } from "vitest";
import { bodyOf, type Draft, NEW_DRAFT, regionBetween, rulesFor } from "./draft";

function faults(change: Partial<Draft>, durationMs: number | null = 60_000) {
  const draft: Draft = { ...NEW_DRAFT, ...change };
  const rules = rulesFor(durationMs);
  const found = (Object.keys(rules) as (keyof Draft)[]).map((name) => {
    const rule = rules[name] as ((value: unknown, draft: Draft) => string | null) | undefined;
    return [name, rule?.(draft[name], draft) ?? null] as const;
  });
  return Object.fromEntries(found.filter(([, fault]) => fault !== null));
}

describe("rules", () => {
  it("are satisfied by a bundle at once, whatever else was typed", () => {
    expect(faults({})).toEqual({});
    expect(faults({ from: "soon", to: "1", terms: ["-"] })).toEqual({});
  });

  it("want the end of a clip, after its beginning and inside the recording", () => {
    expect(faults({ kind: "clip" })).toEqual({ to: "Required: a clip has an end." });
    expect(faults({ kind: "clip", from: "0:40", to: "0:30" })).toEqual({
      to: "Must be after the beginning.",
    });
    expect(faults({ kind: "clip", from: "soon", to: "0:30" })).toEqual({
      from: "“soon” is not a time. Write seconds, 1:30 or 1:01:30.",
    });
    expect(faults({ kind: "clip", from: "1:00", to: "1:30" })).toEqual({
      from: "The recording ends at 1:00.",
    });
    expect(faults({ kind: "clip", from: "1:00", to: "1:30" }, null)).toEqual({});
    expect(faults({ kind: "clip", from: "0:10", to: "0:30" })).toEqual({});
  });

  it("want something to be covered", () => {
    expect(Object.keys(faults({ kind: "redacted" }))).toEqual(["terms"]);
    expect(faults({ kind: "redacted", minConfidence: 0.5 })).toEqual({});
    expect(faults({ kind: "redacted", terms: ["a"] })).toEqual({});
    expect(faults({ kind: "redacted", terms: ["--"] }).terms).toMatch(/no letter or digit/);
    expect(Object.keys(faults({ kind: "redacted", patterns: ["a".repeat(1001)] }))).toEqual(["patterns"]);
    const empty = { x: 0, y: 0, width: 0, height: 5 };
    expect(Object.keys(faults({ kind: "redacted", regions: [empty] }))).toEqual(["regions"]);
  });

  it("bound the days a file is kept", () => {
    expect(Object.keys(faults({ keepDays: "" }))).toEqual(["keepDays"]);
    expect(faults({ keepDays: 366 })).toEqual({ keepDays: "A number from 1 to 365." });
  });
});

describe("bodyOf", () => {
  it("sends only what belongs to the kind", () => {
    const draft = { ...NEW_DRAFT, from: "0:10", to: "0:30", query: " a ", terms: ["b"] };
    expect(bodyOf(draft)).toEqual({ kind: "bundle", keep_days: 7, query: "a" });
    expect(bodyOf({ ...draft, kind: "clip" })).toEqual({
      kind: "clip",
      keep_days: 7,
      start_ms: 10_000,
      end_ms: 30_000,
    });
    expect(bodyOf({ ...draft, kind: "redacted", to: "" })).toMatchObject({ terms: ["b"], end_ms: null });
  });
});

describe("regionBetween", () => {
  const size = { width: 100, height: 50 };

  it("takes two corners in any task and stays on the picture", () => {
    expect(regionBetween({ x: 90, y: 40 }, { x: -5, y: 60 }, size)).toEqual({
      x: 0,
      y: 40,
      width: 90,
      height: 10,
    });
  });

  it("ignores a click", () => expect(regionBetween({ x: 5, y: 5 }, { x: 6, y: 6 }, size)).toBeNull());
});
