/** The API's words as people read them: roles, states, stages, sources. */
import type { Tone } from "../format/words";
import type { RecordingSummary, Role, Session, Stage } from "./types";

export const ROLE_WORDS: Record<Role, { title: string; does: string }> = {
  operator: { title: "Operator", does: "opens targets; every session is recorded" },
  auditor: { title: "Auditor", does: "searches and watches recordings" },
  compliance: { title: "Compliance officer", does: "keeps and hands over recordings, reads the audit trail" },
  admin: { title: "Administrator", does: "manages targets and users" },
};

export interface StateWords {
  title: string;
  tone: Tone;
  means: string;
}

export const RECORDING_STATE_WORDS: Record<RecordingSummary["state"], StateWords> = {
  open: { title: "Recording", tone: "live", means: "The session is running and is being recorded." },
  sealed: { title: "Sealed", tone: "wait", means: "Complete; nothing is appended any more." },
  archived: { title: "Archived", tone: "ok", means: "A verified copy is in the archive." },
  purged: { title: "Purged", tone: "quiet", means: "The bytes are gone; the row remains." },
  broken: { title: "Broken", tone: "bad", means: "The recording could not be closed properly." },
};

export const WAITING_TO_BE_SEALED: StateWords = {
  title: "Waiting to be sealed",
  tone: "quiet",
  means: "The session has ended; everything is recorded, and a worker closes the recording next.",
};

/** A recording is open from the first byte until it is sealed, but only some of that time is somebody at work. */
export function recordingStateWords({
  state,
  closed_at,
}: Pick<RecordingSummary, "state" | "closed_at">): StateWords {
  return state === "open" && closed_at !== null ? WAITING_TO_BE_SEALED : RECORDING_STATE_WORDS[state];
}

export const RISK_CLASS_WORDS: Record<RecordingSummary["risk_class"], { title: string }> = {
  standard: { title: "Standard" },
  vendor: { title: "Vendor" },
  domain_admin: { title: "Domain administrator" },
  production: { title: "Production" },
};

export const SESSION_STATE_WORDS: Record<Session["state"], { title: string; tone: Tone }> = {
  pending: { title: "Pending", tone: "wait" },
  active: { title: "Active", tone: "live" },
  closing: { title: "Closing", tone: "wait" },
  closed: { title: "Closed", tone: "quiet" },
};

export const STAGE_WORDS: Record<Stage["name"], { title: string; does: string }> = {
  seal: { title: "Seal", does: "closes the manifest and takes the digest" },
  render: { title: "Render", does: "draws the video and the keyframes" },
  ocr: { title: "Read", does: "reads the text on the screen (OCR)" },
  text: { title: "Text", does: "extracts what was typed, copied and transferred" },
  index: { title: "Index", does: "makes the text searchable" },
  tier: { title: "Archive", does: "copies to the archive and verifies the copy" },
};

export const SOURCE_WORDS: Record<string, string> = {
  screen: "On screen",
  keys: "Typed",
  clipboard: "Clipboard",
  file: "File name",
};

export const TEXTS = {
  gatewayCannotBeReached: "the gateway cannot be reached",
  gatewayAnsweredWithStatus: (status: number) => `the gateway answered with status ${status}`,
  notValid: "Not valid.",
  nobodyIsSignedIn: "nobody is signed in",
  pastedToTarget: "Pasted to the target",
  copiedFromTarget: "Copied from the target",
  fileToTarget: "File to the target",
  fileFromTarget: "File from the target",
  notAllOfIt: "not all of it is kept",
  noEndWasRecorded: "no end was recorded",
  refusedItDidNot: "refused: it did not reach the target",
} as const;
