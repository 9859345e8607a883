/** What the forms of exports say. */

export const texts = {
  noTime: (text: string) => `“${text}” is not a time. Write seconds, 1:30 or 1:01:30.`,
  afterEnd: (end: string) => `The recording ends at ${end}.`,
  noEnd: "Required: a clip has an end.",
  endsFirst: "Must be after the beginning.",
  nothingCovered: "Give a term, a pattern or a region, or cover lines that were not read well.",
  manyRules: (most: number) => `At most ${most} terms, patterns and regions together.`,
  bareTerm: (term: string) => `“${term}” has no letter or digit. Use a pattern or a region.`,
  longRule: (most: number) => `At most ${most.toLocaleString("en")} characters each.`,
  emptyRegion: "A region needs a width and a height of at least 1.",
};
