/** What the pages of recordings say. */

export const TEXTS = {
  noPlayer: (kind: string) => `Recordings of kind “${kind}” cannot be played here`,
  noPlayerText: "The recording is complete. Read its text below, or download the original.",
  transcript: "Transcript",
} as const;
