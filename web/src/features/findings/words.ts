import type { Verdict } from "../../api/types";
import type { Tone } from "../../format/words";

export const VERDICT_WORDS: Record<Verdict, { title: string; tone: Tone }> = {
  open: { title: "Open", tone: "wait" },
  confirmed: { title: "Confirmed", tone: "bad" },
  dismissed: { title: "Dismissed", tone: "quiet" },
};
