/** The audit page's filter lives in the address, so that it can be kept and sent to others. */
import type { AuditFilter } from "./queries";
import type { AuditTag } from "../../api/types";
import { TAG_WORDS } from "./texts";

export const KEYS = ["tag", "actor", "text", "subject", "after", "before"] as const;
export type Key = (typeof KEYS)[number];

/** Dates in the address are days of the viewer's zone; the API takes moments. `before` includes its day. */
export function auditFilterOf(address: URLSearchParams): AuditFilter {
  const tags = address.getAll("tag").filter(isTag);
  const after = dayOf(address.get("after"));
  const before = dayOf(address.get("before"));
  before?.setDate(before.getDate() + 1);
  return {
    ...(tags.length > 0 && { tag: tags }),
    ...textOf(address, "actor", "actor"),
    ...textOf(address, "text", "text"),
    ...textOf(address, "subject", "subject_id"),
    ...(after && { after: after.toISOString() }),
    ...(before && { before: before.toISOString() }),
  };
}

function textOf<Name extends string>(
  address: URLSearchParams,
  key: Key,
  name: Name,
): { [key in Name]?: string } {
  const value = address.get(key)?.trim();
  return (value ? { [name]: value } : {}) as { [key in Name]?: string };
}

function isTag(text: string): text is AuditTag {
  return Object.hasOwn(TAG_WORDS, text);
}

function dayOf(text: string | null): Date | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const day = new Date(`${text}T00:00:00`);
  return Number.isNaN(day.getTime()) ? null : day;
}
