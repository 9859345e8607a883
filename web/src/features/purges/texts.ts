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

export const TEXTS = {
  markedForPurge: "Marked for purge",
  purgeCancelled: "Purge cancelled",
  cancelThisPurge: "Cancel this purge?",
  cancelPurge: "Cancel purge",
  recordingIsKeptFor:
    "The recording is kept for now. Its retention policy marks it again at the next run: place a hold to keep it.",
  recordingIsKept: "The recording is kept.",
  recording: "Recording",
  hotStorage: "Hot storage",
  archive: "Archive",
  export: "Export",
  files: "Files",
  file: "File",
  wasIn: "Was in",
  size: "Size",
  sha256: "SHA-256",
  sha256Of: (name: string) => `SHA-256 of ${name}`,
  notKnown: "not known",
  nothingIsMarkedFor: "Nothing is marked for purge",
  recordingsWhoseTimeIs:
    "Recordings whose time is over appear here, and are erased when their grace period is over.",
  nothingIsBeingErased: "Nothing is being erased",
  whatHasBegunAnd: "What has begun and has yet to end appears here.",
  nothingWasPurgedYet: "Nothing was purged yet",
  eachPurgeLeavesTombstone: "Each purge leaves a tombstone and a certificate of erasure.",
  noPurgeWasCancelled: "No purge was cancelled",
  marksThatWereTaken: "Marks that were taken back appear here.",
  state: "State",
  purges: "Purges",
  operatorOnTarget: (operatorName: string, targetName: string) => `${operatorName} on ${targetName}`,
  marked: (purge: string) => `Marked ${purge}`,
  waits: (waitingFor: string) => `Waits: ${waitingFor}`,
  certificate: "Certificate",
  erasedFrom: "Erased from",
  cancelledBy: (endedByName: string) => `Cancelled by ${endedByName}`,
  erased: "Erased",
} as const;
