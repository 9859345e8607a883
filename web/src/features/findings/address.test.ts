import { describe, expect, it } from "vitest";
import { findingFilterOf, findingsFileAddress } from "./address";
import { findingAddress, newTermAddress } from "../../format/addresses";

const read = (text: string) => findingFilterOf(new URLSearchParams(text));

describe("findingFilterOf", () => {
  it("begins with what is to be reviewed", () => {
    expect(read("")).toEqual({ verdict: "open" });
    expect(read("verdict=nonsense")).toEqual({ verdict: "open" });
  });

  it("reads every filter", () => {
    expect(read("verdict=all&watch_term_id=7&recording_id=r1")).toEqual({
      watch_term_id: "7",
      recording_id: "r1",
    });
    expect(read("verdict=dismissed&watch_term_id=")).toEqual({ verdict: "dismissed" });
  });

  it("reads what findingAddress writes", () => {
    for (const filter of [{}, { verdict: "confirmed" as const }, { watch_term_id: "a&b" }]) {
      expect(read(findingAddress(filter).split("?")[1] ?? "")).toEqual(filter);
    }
  });
});

it("filters the file as the page", () => {
  const filter = findingFilterOf(new URLSearchParams("operator=a%26b&target=db&after=2026-10-01&before="));
  expect(filter).toEqual({ verdict: "open", operator: "a&b", target: "db", after: "2026-10-01" });
  expect(findingsFileAddress(filter)).toBe(
    "/api/findings/file?verdict=open&operator=a%26b&target=db&after=2026-10-01",
  );
});

it("carries a query to the form", () => {
  expect(newTermAddress('"rm -rf" OR a&b')).toBe("/watch_terms?new=%22rm+-rf%22+OR+a%26b");
});
