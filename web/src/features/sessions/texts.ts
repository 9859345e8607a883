/** What the pages of sessions say. */

import type { SessionVerb } from "../../api/types";

interface CommandWords {
  item: string;
  title: (operator: string) => string;
  lead: (operator: string, target: string) => string;
  label: string;
  action: string;
}

export const COMMAND_WORDS: Record<SessionVerb, CommandWords> = {
  message: {
    item: "Send a message",
    title: (operator) => `Message to ${operator}`,
    lead: (operator, target) =>
      `It appears on the screen of ${operator}, over ${target}, until it is confirmed.`,
    label: "Message",
    action: "Send",
  },
  lock: {
    item: "Lock input",
    title: (operator) => `Lock the input of ${operator}`,
    lead: (operator, target) =>
      `Nothing that ${operator} types or clicks reaches ${target} until you unlock it. Keys and buttons that are down are released.`,
    label: "Reason",
    action: "Lock",
  },
  unlock: {
    item: "Unlock input",
    title: (operator) => `Unlock the input of ${operator}`,
    lead: (operator, target) => `What ${operator} types and clicks reaches ${target} again.`,
    label: "Reason",
    action: "Unlock",
  },
  end: {
    item: "End session",
    title: (operator) => `End the session of ${operator}`,
    lead: (operator, target) => `The connection to ${target} is cut at once. ${operator} reads your reason.`,
    label: "Reason",
    action: "End session",
  },
};

export const DONE_WORDS: Record<SessionVerb, string> = {
  message: "The message is on the operator's screen.",
  lock: "The input is locked.",
  unlock: "The input is unlocked.",
  end: "The session has ended.",
};

export const TEXTS = {
  manage: (operator: string) => `Manage the session of ${operator}`,
  locked: "input locked",
  hadEnded: "The session had ended before.",
  notYetCarriedOut: "The gateway that runs the session has not done it yet. It will, as soon as it answers.",
  sessions: "Sessions",
  leadOfAll: "Who was on which target, and when.",
  leadOfOwn: "Your own sessions.",
  noSessionsYet: "No sessions yet",
  sessionBeginsWhenSomeone: "A session begins when someone opens a target.",
  target: "Target",
  operator: "Operator",
  state: "State",
  opened: "Opened",
  length: "Length",
  from: "From",
  actions: "Actions",
  recordingOfSessionOn: (targetName: string) => `Recording of the session on ${targetName}`,
  recording: "Recording",
  running: "running",
} as const;
