/** Clipboards and files in words: where from, where to, how much, and whether it arrived. */
import type { Span, Transfer } from "./types";
import { bytesText } from "../format/bytes";
import { SOURCE_WORDS } from "./words";

const DIRECTION_WORDS: Record<string, Record<NonNullable<Transfer["direction"]>, string>> = {
  clipboard: { to_target: "Pasted to the target", from_target: "Copied from the target" },
  file: { to_target: "File to the target", from_target: "File from the target" },
};

const END_WORDS: Record<Transfer["end"], string> = {
  whole: "",
  cut: "not all of it is kept",
  unfinished: "no end was recorded",
  refused: "refused: it did not reach the target",
};

export function sourceText(source: Span["source"], transfer: Transfer | null): string {
  const direction = transfer?.direction;
  return (direction && DIRECTION_WORDS[source]?.[direction]) || (SOURCE_WORDS[source] ?? source);
}

export function transferText({ mimetype, size_bytes, sha256, end }: Transfer): string {
  const digest = sha256 === null ? "" : `SHA-256 ${sha256}`;
  return [mimetype, bytesText(size_bytes), digest, END_WORDS[end]].filter(Boolean).join(", ");
}
