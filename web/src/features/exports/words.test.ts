import { expect, it } from "vitest";
import type { Export } from "../../api/types";
import { faultsOf, summaryOf } from "./words";

const summary = (requested: object, facts: object = {}) =>
  summaryOf({ requested, facts } as Pick<Export, "requested" | "facts">);

it("says nothing of an export of everything", () => {
  expect(summary({})).toBe("");
});

it("counts what was to be covered and what was", () => {
  const text = summary({ term_count: 1, region_count: 2 }, { covered_count: 1, covered_ms: 1000 });
  expect(text).toContain("covered: 1 term, 2 regions");
  expect(text).toContain("1 box, ");
});

it("does not hide that nothing was found to cover", () => {
  expect(summary({ term_count: 1 }, { covered_count: 0 })).toBe(
    "covered: 1 term · nothing was found to cover",
  );
});

it("lists what the verifier found, whatever else is there", () => {
  const facts = { damage: ["a gap"], faults: ["a digest"], covered_count: 3 };
  expect(faultsOf({ facts } as Pick<Export, "facts">)).toEqual(["a gap", "a digest"]);
  expect(faultsOf({ facts: { faults: "no list" } } as unknown as Pick<Export, "facts">)).toEqual([]);
});
