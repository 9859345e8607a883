/** What stages reported, flattened for reading: ["render: skipped instructions: cursor", "3"]. Pure. */
import { TEXTS } from "./texts";

const LONG_LIST = 8; // longer lists, such as idle stretches, are counted

export function factRows(facts: Record<string, unknown>, path: readonly string[] = []): [string, string][] {
  return Object.entries(facts).flatMap(([key, value]) => {
    const here = [...path, key.replaceAll("_", " ")];
    if (isTree(value))
      return Object.keys(value).length === 0 ? [row(here, TEXTS.none)] : factRows(value, here);
    return [row(here, textOf(value))];
  });
}

function row(path: readonly string[], text: string): [string, string] {
  return [path.join(": "), text];
}

function textOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value ?? TEXTS.none);
  if (value.length === 0) return TEXTS.none;
  return value.length > LONG_LIST ? TEXTS.entries(value.length) : JSON.stringify(value);
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Drawing instructions that the renderer does not know, by opcode; null before it has reported. */
export function skippedText(facts: Record<string, unknown>): string | null {
  const skipped = isTree(facts.render) ? facts.render.skipped : undefined;
  if (!isTree(skipped)) return null;
  const counts = Object.entries(skipped).map(([opcode, count]) => `${opcode} ${String(count)}`);
  return counts.length === 0 ? TEXTS.none : counts.join(", ");
}

/** Share of the text on the screen that was read, as "99.2 %"; null before it has been reported. */
export function screenShareRead(facts: Record<string, unknown>): string | null {
  const share = isTree(facts.ocr) ? facts.ocr.share_read : undefined;
  return typeof share === "number" ? `${(share * 100).toFixed(1)} %` : null;
}
