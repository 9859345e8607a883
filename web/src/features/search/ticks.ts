/** Where the times of hits stand on a strip that is as long as its session. Pure. */

/** Percent of the strip's width, never outside it: rounding and a cut recording give offsets past the end. */
export function placeOfTick(offsetMs: number, durationMs: number): number {
  if (durationMs <= 0) return 0;
  return Math.min(100, Math.max(0, (100 * offsetMs) / durationMs));
}

/** What the strip stands for: the session's length, or the last hit's time while that is unknown. */
export function stripLength(durationMs: number | null, offsets: readonly { offset_ms: number }[]): number {
  return Math.max(durationMs ?? 0, ...offsets.map((tick) => tick.offset_ms));
}
