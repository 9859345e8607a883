/** An export as the form holds it, and as the API takes it. Pure. */
import type { ExportBody, ExportKind } from "../../api/types";
import type { Rules } from "../../elements/useForm";
import { atMost, between } from "../../format/rules";
import { momentMs, momentText } from "./moment";
import { TEXTS } from "./texts";

export const MOST_DAYS = 365;
export const MOST_RULES = 100;
const MOST_CHARACTERS = 1000;

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
  /** Empty while it is being typed. */
  keepDays: number | "";
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

/** What each field takes. The gateway decides again. */
export function rulesFor(durationMs: number | null): Rules<Draft> {
  return {
    from: (from, { kind }) => (kind === "bundle" ? null : (momentFault(from) ?? afterEnd(from, durationMs))),
    to: (_, draft) => (draft.kind === "bundle" ? null : endFault(draft)),
    query: (query, { kind }) => (kind === "bundle" ? atMost(MOST_CHARACTERS)(query) : null),
    terms: (terms, draft) => (draft.kind === "redacted" ? termsFault(terms, draft) : null),
    patterns: (patterns, { kind }) => (kind === "redacted" ? lengthFault(patterns) : null),
    regions: (regions, { kind }) => (kind === "redacted" && regions.some(isEmpty) ? TEXTS.emptyRegion : null),
    keepDays: between(1, MOST_DAYS),
  };
}

function momentFault(text: string): string | null {
  return text.trim() === "" || momentMs(text) !== null ? null : TEXTS.noTime(text);
}

function afterEnd(from: string, durationMs: number | null): string | null {
  const isAfter = durationMs !== null && (momentMs(from) ?? 0) >= Math.max(1, durationMs);
  return isAfter ? TEXTS.afterEnd(momentText(durationMs)) : null;
}

function endFault({ kind, from, to }: Draft): string | null {
  if (to.trim() === "") return kind === "clip" ? TEXTS.noEnd : null;
  const end = momentMs(to);
  if (end === null) return TEXTS.noTime(to);
  return end <= (momentMs(from) ?? 0) ? TEXTS.endsFirst : null;
}

function termsFault(terms: readonly string[], draft: Draft): string | null {
  if (!hasRules(draft)) return TEXTS.nothingCovered;
  if (terms.length + draft.patterns.length + draft.regions.length > MOST_RULES)
    return TEXTS.manyRules(MOST_RULES);
  const bare = terms.find((term) => !/[\p{L}\p{N}]/u.test(term));
  return bare === undefined ? lengthFault(terms) : TEXTS.bareTerm(bare);
}

function lengthFault(all: readonly string[]): string | null {
  return all.some((text) => text.length > MOST_CHARACTERS) ? TEXTS.longRule(MOST_CHARACTERS) : null;
}

function isEmpty({ width, height }: Region): boolean {
  return width <= 0 || height <= 0;
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
