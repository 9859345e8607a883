/** Purges in words. Pure. */
import type { Purge, PurgeState } from "../../api/types";
import type { Tone } from "../../format/words";

export const PURGE_STATE_WORDS: Record<PurgeState, { title: string; tone: Tone }> = {
  marked: { title: "Marked", tone: "wait" },
  purging: { title: "Being erased", tone: "live" },
  purged: { title: "Purged", tone: "quiet" },
  cancelled: { title: "Cancelled", tone: "quiet" },
};

/** Who marked it, as part of a sentence. */
export function markedBy(purge: Pick<Purge, "by_policy" | "marked_by_name">): string {
  return purge.by_policy ? "by its retention policy" : `by ${purge.marked_by_name}`;
}
