/** An export as the form holds it, and as the API takes it. Pure. */
import type { ExportBody, ExportKind } from "../../api/types";
import { momentMs } from "./moment";

export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Draft {
  kind: ExportKind;
  from: string;
  to: string;
  query: string;
  terms: string[];
  patterns: string[];
  regions: Region[];
  /** Lines read with less are covered too; 0: none. */
  minConfidence: number;
  nameRules: boolean;
  keepDays: number;
}

export const NEW_DRAFT: Draft = {
  kind: "bundle",
  from: "",
  to: "",
  query: "",
  terms: [],
  patterns: [],
  regions: [],
  minConfidence: 0,
  nameRules: false,
  keepDays: 7,
};

/** What is still to be said, in words; null when it can be ordered. */
export function lacking(draft: Draft): string | null {
  if (draft.kind === "bundle") return null;
  const from = draft.from.trim() === "" ? 0 : momentMs(draft.from);
  const to = draft.to.trim() === "" ? null : momentMs(draft.to);
  if (from === null) return `“${draft.from}” is no time; write seconds, 1:30 or 1:01:30.`;
  if (draft.to.trim() !== "" && to === null)
    return `“${draft.to}” is no time; write seconds, 1:30 or 1:01:30.`;
  if (draft.kind === "clip" && to === null) return "Say where the clip ends.";
  if (to !== null && to <= from) return "It ends before it begins.";
  if (draft.kind === "redacted" && !hasRules(draft)) return "Say what is to be covered.";
  return null;
}

function hasRules({ terms, patterns, regions, minConfidence }: Draft): boolean {
  return terms.length + patterns.length + regions.length > 0 || minConfidence > 0;
}

/** The request's body; only what belongs to its kind. */
export function bodyOf(draft: Draft): ExportBody {
  const whole = { kind: draft.kind, keep_days: draft.keepDays };
  if (draft.kind === "bundle") return { ...whole, query: draft.query.trim() } as ExportBody;
  const bounds = {
    start_ms: momentMs(draft.from) ?? 0,
    end_ms: draft.to.trim() === "" ? null : momentMs(draft.to),
  };
  if (draft.kind === "clip") return { ...whole, ...bounds } as ExportBody;
  return {
    ...whole,
    ...bounds,
    terms: draft.terms,
    patterns: draft.patterns,
    regions: draft.regions,
    min_confidence: draft.minConfidence,
    name_rules: draft.nameRules,
  } as ExportBody;
}

/** The part of a picture between two points, in its own pixels; null for a slip of the hand. */
export function regionBetween(
  a: { x: number; y: number },
  b: { x: number; y: number },
  size: { width: number; height: number },
): Region | null {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const x = within(Math.min(a.x, b.x), size.width);
  const y = within(Math.min(a.y, b.y), size.height);
  const region = {
    x,
    y,
    width: within(Math.max(a.x, b.x), size.width) - x,
    height: within(Math.max(a.y, b.y), size.height) - y,
  };
  return region.width < LEAST_SIDE || region.height < LEAST_SIDE ? null : region;
}

const LEAST_SIDE = 4;
