/** What came of a test of a connection, in words. Pure. */
import type { Trial } from "../../api/types";

export interface Finding {
  step: string;
  outcome: "good" | "bad" | "skipped";
  words: string;
}

const REACH: Record<Trial["reach"], Omit<Finding, "step">> = {
  answers: { outcome: "good", words: "The port answers." },
  name_unknown: { outcome: "bad", words: "The host name cannot be resolved. Check the host." },
  refused: { outcome: "bad", words: "The machine refuses the connection: nothing listens at this port." },
  silent: { outcome: "bad", words: "No answer. The machine is off, or a firewall is in between." },
};

const SIGN_IN: Record<Trial["sign_in"], Omit<Finding, "step">> = {
  shown: {
    outcome: "good",
    words:
      "The target showed its screen. A target with a sign-in page of its own shows that before it signs in.",
  },
  refused: { outcome: "bad", words: "The stored credential was probably not accepted." },
  credential_missing: { outcome: "bad", words: "The target asks for a password and none is stored." },
  failed: { outcome: "bad", words: "The target ended the connection. Check its protocol and parameters." },
  no_answer: { outcome: "bad", words: "The target showed nothing within 12 seconds." },
  gateway_fault: { outcome: "bad", words: "guacd, the gateway's connection service, does not answer." },
  not_tried: { outcome: "skipped", words: "Not tested, because the port does not answer." },
};

/** One line a step. */
export function findingsOf({ reach, sign_in, in_use }: Trial): Finding[] {
  const skipped: Omit<Finding, "step"> = {
    outcome: "skipped",
    words: "Not tested: a session is running there, and the target might end it.",
  };
  return [
    { step: "Address", ...REACH[reach] },
    { step: "Sign-in", ...(in_use && reach === "answers" ? skipped : SIGN_IN[sign_in]) },
  ];
}
