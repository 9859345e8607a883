/** What the pages of sessions say. */

export const TEXTS = {
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
