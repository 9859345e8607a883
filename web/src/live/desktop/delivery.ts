/** What of a text arrives on a target's clipboard. Pure. */
import type { ClipboardRules } from "../../api/types";
import { TEXTS } from "./texts";

/** guacd keeps this much of a clipboard and drops the rest (`GUAC_COMMON_CLIPBOARD_MAX_LENGTH`), in bytes of UTF-8. */
export const CLIPBOARD_BYTES = 256 * 1024;
const NAMED = 5; // characters that a notice lists

/** Windows-1252 beyond Latin-1. */
const CP1252 = new Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ");

/** Why this text does not arrive as it is, one sentence each; [] when it does. */
export function lossesOf(text: string, encoding: ClipboardRules["encoding"]): string[] {
  const losses: string[] = [];
  const lost = [...new Set(text)].filter((character) => !isIn(character, encoding));
  if (lost.length > 0) {
    const more = lost.length > NAMED ? TEXTS.andOthers : "";
    losses.push(TEXTS.targetsClipboardTakesOnly(encoding, lost.slice(0, NAMED).join(" "), more));
  }
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > CLIPBOARD_BYTES) {
    losses.push(TEXTS.cutAfter(CLIPBOARD_BYTES / 1024, bytes - CLIPBOARD_BYTES, bytes));
  }
  return losses;
}

function isIn(character: string, encoding: ClipboardRules["encoding"]): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  if (encoding === "ISO8859-1") return codePoint <= 0xff;
  if (encoding === "CP1252")
    return codePoint < 0x80 || (codePoint >= 0xa0 && codePoint <= 0xff) || CP1252.has(character);
  return true;
}
