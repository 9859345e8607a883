/** What the pages of format say. */

export const TEXTS = {
  required: "Required.",
  atMostCharacters: (count: number | string) => `At most ${count} characters.`,
  usernameRule: "Letters, digits and . _ @ - only, beginning with a letter or digit.",
  hostRule: "A host name or an IP address: letters, digits, dots and dashes, no spaces.",
  atLeastCharacters: (count: number | string) => `At least ${count} characters.`,
  numberFromTo: (least: number, most: string) => `A number from ${least} to ${most}.`,
  hasCharactersThatAre: "Has characters that are not allowed here.",
  atMost: (limit: string) => `At most ${limit}.`,
  atLeast: (limit: string) => `At least ${limit}.`,
  moreThan: (limit: string) => `More than ${limit}.`,
  lessThan: (limit: string) => `Less than ${limit}.`,
  wholeNumber: "A whole number.",
  number: "A number.",
  notValid: "Not valid",
  justNow: "just now",
  milliseconds: (count: number) => `${count} ms`,
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  hours: (count: number) => `${count} h`,
  first: (counted: string) => `first ${counted}`,
} as const;
