/** What the page of the system says. */
import type { Requirement } from "../../api/types";
import { countText } from "../../format/count";

export const REQUIREMENT_WORDS: Record<Requirement["requirement"], string> = {
  reachable: "Reachable with the access key",
  clock: "Clocks in sync",
  versioning: "Versioning",
  object_lock: "Object Lock",
  not_public: "Not public",
  round_trip: "Write and read back",
};

export const TEXTS = {
  met: "met",
  notMet: "not met",
  notRequired: "not required",
  cannotBeChecked: "cannot be checked",
  checked: ", checked",
  archivingIsPaused: "Archiving is paused",
  sessionsAreStillRecorded: (reason: string) =>
    `${reason}. Sessions are still recorded; recordings wait on hot storage.`,
  notCheckedYetWorker: "Not checked yet. A worker checks the archive when it starts.",
  noRecordingIsWaiting: "No recording is waiting for the archive.",
  waitingToBeArchived: (count: number, size: string) =>
    `${countText(count, "recording")} ${count === 1 ? "is" : "are"} waiting to be archived (${size} without an archived copy)`,
  oldestSince: ", the oldest since",
  failedAndCanBe: (failedCount: number) => `; ${failedCount} failed and can be retried from their stages`,
  lastError: (lastError: string) => `Last error: ${lastError}`,
  retrying: (count: number) => `Retrying ${countText(count, "recording")}`,
  retryAllFailed: "Retry all failed",
  system: "System",
  lead: "Whether everything runs, and what waits to be done.",
  state: "State",
  allWell: "All well",
  degraded: "Degraded",
  liveSessions: "Live sessions",
  recordings: "Recordings",
  searchableAfterMedian24: "Searchable after (median, 24 h)",
  noneYet: "none yet",
  archive: "Archive",
  gateway: (gatewayId: string) => `Gateway ${gatewayId}`,
  checks: "Checks",
  ok: "ok",
  notOk: "not ok",
  processes: "Processes",
  nothingIsSupervisedHere: "Nothing is supervised here: every part runs elsewhere.",
  backlog: "Backlog",
  nothingWaits: "Nothing waits.",
  recordingsByState: "Recordings by state",
  noRecordingsYet: "No recordings yet.",
  noRestarts: "no restarts",
  restartCount: (count: number) => countText(count, "restart"),
} as const;
