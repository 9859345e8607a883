/** What a recording's archived copies come to, and how a restore stands. Pure. */
import type { ArchiveObject, Recording } from "../../api/types";
import { TEXTS } from "./texts";

export interface ArchiveSummary {
  sizeBytes: number;
  /** The earliest moment at which the first lock ends; null: something is not locked. */
  lockedUntil: string | null;
  isHeld: boolean;
  storageClasses: string;
}

export function archiveSummary(objects: readonly ArchiveObject[]): ArchiveSummary {
  const locks = objects.map(({ locked_until_at }) => locked_until_at);
  const ends = locks.filter((until) => until !== null).sort();
  return {
    sizeBytes: objects.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    lockedUntil: ends.length === objects.length ? (ends[0] ?? null) : null,
    isHeld: objects.some(({ legal_hold }) => legal_hold),
    storageClasses: [...new Set(objects.map(({ storage_class }) => storage_class))]
      .filter(Boolean)
      .join(", "),
  };
}

/** "the original takes 46 % less there", or null where it was not compressed. */
export function savedText({ archive, segments }: Pick<Recording, "archive" | "segments">): string | null {
  const packed = new Map(archive.filter(({ encoding }) => encoding !== "").map((row) => [row.name, row]));
  let before = 0;
  let after = 0;
  for (const { name, size_bytes } of segments) {
    before += size_bytes;
    after += packed.get(name)?.size_bytes ?? size_bytes;
  }
  const share = before === 0 ? 0 : Math.round((1 - after / before) * 100);
  return share > 0 ? TEXTS.originalTakesLess(share) : null;
}

/** "7 days", "1 day", "12 hours". */
export function daysText(days: number): string {
  if (days >= 1) return TEXTS.days(Number(days.toFixed(1)));
  return TEXTS.hours(Math.max(1, Math.round(days * 24)));
}
