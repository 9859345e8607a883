/** What to say about each source of text; one that these pages do not know yet is named as the API names it. */
import type { Source } from "../../api/types";

const EXAMPLES: Record<string, readonly [string, string]> = {
  screen: ["screen:denied", "shown on the screen"],
  keys: ["keys:passwd", "typed, where keys were recorded"],
  clipboard: ["clipboard:secret", "copied or pasted"],
  file: ["file:report", "in the name of a transferred file"],
};

/** What can be typed to search one source, and what it means. */
export function exampleOf({ name }: Pick<Source, "name">): readonly [string, string] {
  return EXAMPLES[name] ?? [`${name}:word`, `text from “${name}”`];
}
