/** What the pages of holds say. */
import { countText } from "../../format/count";

export const TEXTS = {
  holdPlaced: "Hold placed",
  holdReleased: "Hold released",
  released: "Released",
  heldBy: (ownerName: string) => `Held by ${ownerName},`,
  releasedBy: (releasedByName: string) => `Released by ${releasedByName},`,
  release: "Release",
  releaseThisHold: "Release this hold?",
  releaseHold: "Release hold",
  recordingFallsUnderIts:
    "The recording falls under its retention policy again. If its time is over, it is marked for purge, with a grace period.",
  notIdOrAddress: (slice: string) => `Not the id or address of a recording: ${slice}.`,
  required: "Required.",
  recordingCount: (count: number) => countText(count, "recording"),
  hold: (idsCount: string) => `Hold ${idsCount}`,
  placeHold: "Place hold",
  placeAHold: "Place a hold",
  recordingOnHoldIs:
    "A recording on hold is not purged, whatever its retention policy says, until every hold on it is released. If it is marked for purge, the mark is cancelled.",
  recordings: "Recordings",
  idsOrAddressesOf: "Ids or addresses of their pages.",
  reason: "Reason",
  caseNumber: "Case number",
  holds: "Holds",
  lead: "What must not be purged, and why. Holds are released, never deleted.",
  active: "Active",
  all: "All",
  noHoldsHere: "No holds here",
  noHoldOfSuch: "No hold of such a case",
  holdKeepsRecordingWhatever:
    "A hold keeps a recording whatever its retention policy says. Place one here or on the recording’s page.",
  operatorOnTarget: (operatorName: string, targetName: string) => `${operatorName} on ${targetName}`,
} as const;
