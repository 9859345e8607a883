import { expect, it } from "vitest";
import type { Finding } from "../../api/types";
import { byComment, grouped } from "./groups";

const found = (id: string, offset_ms: number, other: Partial<Finding> = {}) =>
  ({
    id,
    offset_ms,
    watch_term_id: "w",
    recording_id: "r",
    source: "screen",
    match: "exact",
    verdict: "open",
    comment: "",
    text: "sudo svc_5",
    ...other,
  }) as Finding;

const ids = (findings: readonly Finding[]) =>
  grouped(findings).map(({ finding, occurrences }) => [finding.id, occurrences.map((one) => one.id)]);

it("makes one of the same line in a recording, with its times in order", () => {
  expect(
    ids([
      found("c", 30),
      found("x", 25, { text: "other" }),
      found("b", 20, { text: "sudo  svc_5 " }),
      found("a", 10),
    ]),
  ).toEqual([
    ["c", ["a", "b", "c"]],
    ["x", ["x"]],
  ]);
});

it("keeps other recordings, terms, sources and verdicts apart", () => {
  const others: Partial<Finding>[] = [
    { recording_id: "q" },
    { watch_term_id: "v" },
    { source: "keys" },
    { match: "tolerant" },
    { verdict: "confirmed" },
    { comment: "seen" },
  ];
  expect(ids([found("a", 1), ...others.map((other, at) => found(String(at), 2, other))])).toHaveLength(7);
});

it("sends the findings of each comment apart", () => {
  const groups = grouped([found("a", 2), found("b", 1), found("c", 1, { comment: "seen" })]);
  expect(byComment(groups)).toEqual([
    { comment: "", finding_ids: ["b", "a"] },
    { comment: "seen", finding_ids: ["c"] },
  ]);
});
