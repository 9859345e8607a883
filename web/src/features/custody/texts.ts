/** What a recording's chain of custody says. */
import type { CustodyKind } from "../../api/types";
import type { Tone } from "../../format/words";

export const KIND_WORDS: Record<CustodyKind, { title: string; tone: Tone }> = {
  created: { title: "Created", tone: "ok" },
  viewed: { title: "Viewed", tone: "quiet" },
  searched: { title: "Searched into", tone: "quiet" },
  reviewed: { title: "Reviewed", tone: "quiet" },
  exported: { title: "Exported", tone: "live" },
  held: { title: "Held", tone: "wait" },
  moved: { title: "Moved", tone: "wait" },
  restored: { title: "Restored", tone: "wait" },
  verified: { title: "Verified", tone: "ok" },
  repaired: { title: "Repaired", tone: "bad" },
  reread: { title: "Worked on", tone: "quiet" },
  purged: { title: "Purged", tone: "bad" },
};

export const TEXTS = {
  chainOfCustody: "Chain of custody",
  whatWasDone: "What was done",
  anything: "Anything",
  by: "By",
  nothingOfThatKind: "Nothing of that kind",
  print: "Print",
  download: "Download",
  csvForSpreadsheet: "CSV, for a spreadsheet",
  json: "JSON",
  recordingOnBegan: (id: string, operatorName: string, targetName: string, began: string) =>
    `Recording ${id}: ${operatorName} on ${targetName}, began ${began}.`,
  printed: (time: string) => `Printed ${time}.`,
  sha256OfOriginal: (digest: string) => `SHA-256 of the original: ${digest}.`,
  what: "What",
  when: "When",
  who: "Who",
  details: "Details",
  event: "Event",
} as const;
