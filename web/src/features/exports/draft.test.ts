import { describe, expect, it } from "vitest";
import { bodyOf, lacking, NEW_DRAFT, regionBetween } from "./draft";

describe("lacking", () => {
  it("is satisfied by a bundle at once", () => expect(lacking(NEW_DRAFT)).toBeNull());

  it("wants the end of a clip, behind its beginning", () => {
    const clip = { ...NEW_DRAFT, kind: "clip" as const };
    expect(lacking(clip)).toMatch(/ends/);
    expect(lacking({ ...clip, from: "1:00", to: "0:30" })).toMatch(/before it begins/);
    expect(lacking({ ...clip, from: "soon", to: "0:30" })).toMatch(/no time/);
    expect(lacking({ ...clip, from: "0:10", to: "0:30" })).toBeNull();
  });

  it("wants something to be covered", () => {
    const redacted = { ...NEW_DRAFT, kind: "redacted" as const };
    expect(lacking(redacted)).toMatch(/covered/);
    expect(lacking({ ...redacted, minConfidence: 0.5 })).toBeNull();
    expect(lacking({ ...redacted, terms: ["a"] })).toBeNull();
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
