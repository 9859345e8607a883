/** What the pages of recordings say. */

export const texts = {
  noPlayer: (kind: string) => `Recordings of kind “${kind}” cannot be played here`,
  noPlayerText: "The recording is complete. Read its text below, or download the original.",
  transcript: "Transcript",
};
