/**
 * Guacamole instructions as text, both ways (manual, "Guacamole protocol", Design). Pure.
 *
 * Lengths count Unicode code points; JavaScript strings count UTF-16 units. guacamole-common-js mixes them up for
 * characters beyond the basic plane, so the tunnel does its own counting.
 */

const SURROGATE = /[\uD800-\uDFFF]/;

/** Elements as one instruction, opcode first. */
export function encodeInstruction(elements: readonly unknown[]): string {
  return `${elements.map((element) => encodeElement(String(element))).join(",")};`;
}

function encodeElement(text: string): string {
  const length = SURROGATE.test(text) ? Array.from(text).length : text.length;
  return `${length}.${text}`;
}

export class MalformedInstruction extends Error {}

/** All instructions of one tunnel message, which holds whole ones only; else MalformedInstruction. */
export function decodeInstructions(message: string): string[][] {
  const wide = SURROGATE.test(message);
  const instructions: string[][] = [];
  let elements: string[] = [];
  let position = 0;
  while (position < message.length) {
    const start = message.indexOf(".", position) + 1;
    const length = Number(message.slice(position, Math.max(position, start - 1)));
    if (start === 0 || !Number.isInteger(length)) throw new MalformedInstruction("an element has no length");
    const end = wide ? endOfCodePoints(message, start, length) : start + length;
    const terminator = message[end];
    if (terminator !== "," && terminator !== ";") throw new MalformedInstruction("an element does not end");
    elements.push(message.slice(start, end));
    position = end + 1;
    if (terminator === ";") {
      instructions.push(elements);
      elements = [];
    }
  }
  if (elements.length > 0) throw new MalformedInstruction("the last instruction does not end");
  return instructions;
}

function endOfCodePoints(text: string, start: number, count: number): number {
  let end = start;
  for (let left = count; left > 0; left -= 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return end;
}
