/** What is said of exports. */
import type { Export } from "../../api/types";
import { durationText } from "../../format/time";
import { momentText } from "./moment";
import { TEXTS } from "./texts";

/** What was asked for and what came of it, in one line. */
export function summaryOf({ requested, facts }: Pick<Export, "requested" | "facts">): string {
  const parts = [boundsOf(requested), rulesOf(requested), queryOf(requested), coveredOf(facts)];
  return parts.filter((part) => part !== "").join(" · ");
}

function boundsOf({ start_ms: start, end_ms: end }: Export["requested"]): string {
  const from = Number(start ?? 0);
  if (typeof end === "number") return TEXTS.to(momentText(from), momentText(end));
  return from > 0 ? TEXTS.from(momentText(from)) : "";
}

function rulesOf(requested: Export["requested"]): string {
  const counts = [
    counted(requested.term_count, TEXTS.termCount),
    counted(requested.pattern_count, TEXTS.patternCount),
    counted(requested.region_count, TEXTS.regionCount),
    Number(requested.min_confidence ?? 0) > 0 ? TEXTS.linesReadBadly : "",
  ].filter((part) => part !== "");
  return counts.length > 0 ? TEXTS.coveredRules(counts.join(", ")) : "";
}

function queryOf({ query }: Export["requested"]): string {
  return typeof query === "string" && query !== "" ? TEXTS.hitsOf(query) : "";
}

function coveredOf(facts: Export["facts"]): string {
  if (typeof facts.covered_count !== "number") return "";
  if (facts.covered_count === 0) return TEXTS.nothingWasFoundTo;
  return TEXTS.covered(TEXTS.boxCount(facts.covered_count), durationText(Number(facts.covered_ms)));
}

function counted(value: unknown, text: (count: number) => string): string {
  const count = Number(value ?? 0);
  return count === 0 ? "" : text(count);
}

/** What the bundle's own verifier found, and what could not be read; none for a sound one. */
export function faultsOf({ facts }: Pick<Export, "facts">): string[] {
  return [facts.damage, facts.faults].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
}
