/** What does not fit, in words. */
import type { DiscrepancyKind } from "../../api/types";
import { countText } from "../../format/count";
import type { Tone } from "../../format/words";

export const DISCREPANCY_WORDS: Record<DiscrepancyKind, { title: string; tone: Tone; means: string }> = {
  hot_missing: { title: "Missing on disk", tone: "bad", means: "The file is not on hot storage." },
  hot_damaged: {
    title: "Damaged on disk",
    tone: "bad",
    means: "The file on hot storage is not what was recorded.",
  },
  hot_leftover: {
    title: "Left on disk",
    tone: "wait",
    means: "The recording is in the archive alone, but files of it are still on disk.",
  },
  archive_missing: { title: "Missing in archive", tone: "bad", means: "The archive does not have the copy." },
  archive_damaged: {
    title: "Damaged in archive",
    tone: "bad",
    means: "The archive's copy is not what was recorded.",
  },
  folder_unknown: {
    title: "Unknown folder",
    tone: "wait",
    means: "A folder among the recordings that none has. It is left where it is.",
  },
  purged_remains: {
    title: "Left of a purge",
    tone: "bad",
    means: "Bytes of a purged recording are still there.",
  },
  recording_missing: {
    title: "Missing recording",
    tone: "bad",
    means: "The audit trail has this recording, but it is gone without a purge.",
  },
  session_missing: {
    title: "Missing session",
    tone: "bad",
    means: "The audit trail has this session, but its row is gone.",
  },
  state_contradicted: {
    title: "State contradicted",
    tone: "bad",
    means: "The recording's state is not what the audit trail says was done with it.",
  },
};

export const TEXTS = {
  discrepancies: "Discrepancies",
  kind: "Kind",
  anyKind: "Any kind",
  whichDiscrepancies: "Which discrepancies",
  open: "Open",
  all: "All",
  nothingIsOpen: "Nothing is open",
  noneSoFar: "None so far",
  whateverIsFoundMissing:
    "Whatever is found missing, damaged or unknown is listed here until it is repaired or gone.",
  what: "What",
  where: "Where",
  found: "Found",
  now: "Now",
  repaired: "repaired ",
  gone: "gone ",
  seen: "seen ",
  everyByteRead: "every byte read",
  sizesCompared: "sizes compared",
  itCouldNotBe: "It could not be done.",
  comparedEverythingFits: (compared: string) => `${compared} compared, everything fits.`,
  comparedFoundRepaired: (compared: string, found: string, repaired: number) =>
    `${compared} compared, ${found} found, ${repaired} repaired.`,
  archiveTrouble: (archiveTrouble: string) => `The archive: ${archiveTrouble}.`,
  skipped: (recordings: string) => `Skipped while being processed: ${recordings}.`,
  discrepancyCount: (count: number) =>
    count === 1 ? "1 discrepancy" : `${count.toLocaleString("en")} discrepancies`,
  reconciling: "Reconciling",
  rowsAndBytesHave: "Rows and bytes have not been compared yet. The server does it every hour while it runs.",
  askedForBy: (how: string, requestedByName: string) => `, ${how}, asked for by ${requestedByName}`,
  notEverythingWasCompared: "Not everything was compared",
  waitsForWorker: "Waits for a worker",
  comparing: "Comparing",
  progressOfReconciling: "Progress of reconciling",
  reconcileNow: "Reconcile now",
  readEveryByte: "Read every byte",
  comparesDigestsTooArchive: "Compares digests too; the archive is read to its end.",
  storage: "Storage",
  lead: "Where recordings are kept, and whether everything is there.",
  capacity: "Capacity",
  hotStorage: "Hot storage",
  archive: "Archive",
  waitsForArchive: "Waits for the archive",
  freeOnDisk: "Free on the disk",
  nothingWaits: "nothing waits",
  since: ", since",
  givenUp: (failedCount: number) => `· ${failedCount} given up`,
  ofBelowNoSession: (totalBytes: string, floorBytes: string) =>
    `of ${totalBytes}; below ${floorBytes} no session is opened`,
  ofDiskAreUsed: (round: number) => `${round} % of the disk are used`,
  recordingCount: (count: number) => countText(count, "recording"),
} as const;
