/** What came of a test of a connection, in words. Pure. */
import type { Trial } from "../../api/types";
import { REACH_WORDS, SIGN_IN_WORDS, type TrialWords } from "./texts";
import { TEXTS } from "./texts";

export interface Finding extends TrialWords {
  step: string;
}

/** One line a step. */
export function findingsOf({ reach, sign_in, in_use }: Trial): Finding[] {
  const skipped: TrialWords = {
    outcome: "skipped",
    words: TEXTS.notTestedSessionIs,
  };
  return [
    { step: TEXTS.address, ...REACH_WORDS[reach] },
    { step: TEXTS.signIn, ...(in_use && reach === "answers" ? skipped : SIGN_IN_WORDS[sign_in]) },
  ];
}
