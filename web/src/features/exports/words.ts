/** What is said of exports. */
import type { Export, ExportKind, LinkProblem } from "../../api/types";
import { durationText } from "../../format/time";
import { momentText } from "./moment";

export const KIND_WORDS: Record<ExportKind, { title: string; means: string }> = {
  bundle: {
    title: "Bundle",
    means:
      "Everything, with its proofs: original, video, text, the signed manifest, the audit trail of this recording, and a program that checks it all offline, for somebody without an account.",
  },
  clip: {
    title: "Clip",
    means: "A part of the video, exact to the millisecond, with a signed statement of what it was cut from.",
  },
  redacted: {
    title: "Redacted copy",
    means:
      "The video with black boxes over what must not be shown, and a signed list of what was covered when. The original stays untouched.",
  },
};

export const PROBLEM_WORDS: Record<LinkProblem | "busy", { title: string; text: string }> = {
  unknown: {
    title: "This link is not valid",
    text: "Perhaps it was not copied whole: it goes on behind the # sign. Otherwise ask whoever sent it for a new one.",
  },
  revoked: {
    title: "This link was withdrawn",
    text: "Whoever sent it has made it useless. Ask them if you still need the file.",
  },
  expired: { title: "This link has expired", text: "Ask whoever sent it for a new one." },
  used_up: {
    title: "This link has been used up",
    text: "It could be used only so many times. Ask whoever sent it for a new one.",
  },
  busy: { title: "Too many attempts", text: "Wait a minute, then open the link again." },
};

export const LINK_STATE_WORDS: Record<LinkProblem, string> = {
  unknown: "Not valid",
  revoked: "Revoked",
  expired: "Expired",
  used_up: "Used up",
};

/** What was asked for and what came of it, in one line. */
export function summaryOf({ requested, facts }: Pick<Export, "requested" | "facts">): string {
  const parts = [boundsOf(requested), rulesOf(requested), queryOf(requested), coveredOf(facts)];
  return parts.filter((part) => part !== "").join(" · ");
}

function boundsOf({ start_ms: start, end_ms: end }: Export["requested"]): string {
  const from = Number(start ?? 0);
  if (typeof end === "number") return `${momentText(from)} to ${momentText(end)}`;
  return from > 0 ? `from ${momentText(from)}` : "";
}

function rulesOf(requested: Export["requested"]): string {
  const counts = [
    counted(requested.term_count, "term"),
    counted(requested.pattern_count, "pattern"),
    counted(requested.region_count, "region"),
    Number(requested.min_confidence ?? 0) > 0 ? "lines read badly" : "",
  ].filter((part) => part !== "");
  return counts.length > 0 ? `covered: ${counts.join(", ")}` : "";
}

function queryOf({ query }: Export["requested"]): string {
  return typeof query === "string" && query !== "" ? `hits of “${query}”` : "";
}

function coveredOf(facts: Export["facts"]): string {
  if (typeof facts.covered_count !== "number") return "";
  if (facts.covered_count === 0) return "nothing was found to cover";
  return `${counted(facts.covered_count, "box", "boxes")}, ${durationText(Number(facts.covered_ms))} covered`;
}

function counted(value: unknown, one: string, many = `${one}s`): string {
  const count = Number(value ?? 0);
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}

/** What the bundle's own verifier found, and what could not be read; none for a sound one. */
export function faultsOf({ facts }: Pick<Export, "facts">): string[] {
  return [facts.damage, facts.faults].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
}
