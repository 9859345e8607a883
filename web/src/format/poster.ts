/** The moment whose picture stands for a recording: the first with something to see; the middle where all are blank. */
import type { RecordingSummary } from "../api/types";

export function posterMs({
  poster_ms,
  duration_ms,
}: Pick<RecordingSummary, "poster_ms" | "duration_ms">): number {
  return poster_ms ?? (duration_ms ?? 0) / 2;
}
