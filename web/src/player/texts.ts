/** What the player says. */

export const texts = {
  recording: "Recording",
  cannotBePlayed: "the recording cannot be played",
};
