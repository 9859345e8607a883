/** What to say about each source of text; one that these pages do not know yet is named as the API names it. */
import type { Source } from "../../api/types";
import { TEXTS } from "./texts";

const EXAMPLES: Record<string, readonly [string, string]> = {
  screen: ["screen:denied", TEXTS.shownOnScreen],
  keys: ["keys:passwd", TEXTS.typedWhereKeysWere],
  clipboard: ["clipboard:secret", TEXTS.copiedOrPasted],
  file: ["file:report", TEXTS.inNameOfTransferred],
};

/** What can be typed to search one source, and what it means. */
export function exampleOf({ name }: Pick<Source, "name">): readonly [string, string] {
  return EXAMPLES[name] ?? [`${name}:word`, TEXTS.textFrom(name)];
}
