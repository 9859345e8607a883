/** What does not fit, in words. */
import type { DiscrepancyKind } from "../../api/types";
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
