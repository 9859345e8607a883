import { ToneBadge } from "../../elements/ToneBadge";
import type { RecordingSummary } from "../../api/types";
import { recordingStateWords } from "../../api/texts";

export function RecordingStateBadge({
  recording,
}: {
  recording: Pick<RecordingSummary, "state" | "closed_at">;
}) {
  return <ToneBadge {...recordingStateWords(recording)} />;
}
