/** What the pages of targets say. */

export const texts = {
  wholeNumber: (most: number) => `A whole number from 0 to ${most.toLocaleString("en")}.`,
  oneOf: (choices: readonly string[]) => `One of ${choices.join(", ")}.`,
  tooLong: (most: number) => `At most ${most.toLocaleString("en")} characters.`,
  unprintable: "Printable characters only: no line breaks or tabs.",
  protocolParameters: "Protocol parameters",
  default: "Default",
  defaultIs: (choice: string) => `Default: ${choice}`,
  yes: "Yes",
  no: "No",
};
