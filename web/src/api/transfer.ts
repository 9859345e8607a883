/** Clipboards and files in words: where from, where to, how much, and whether it arrived. */
import type { Span, Transfer } from "./types";
import { bytesText } from "../format/bytes";
import { SOURCE_WORDS } from "./texts";
import { TEXTS } from "./texts";

const DIRECTION_WORDS: Record<string, Record<NonNullable<Transfer["direction"]>, string>> = {
  clipboard: { to_target: TEXTS.pastedToTarget, from_target: TEXTS.copiedFromTarget },
  file: { to_target: TEXTS.fileToTarget, from_target: TEXTS.fileFromTarget },
};

const END_WORDS: Record<Transfer["end"], string> = {
  whole: "",
  cut: TEXTS.notAllOfIt,
  unfinished: TEXTS.noEndWasRecorded,
  refused: TEXTS.refusedItDidNot,
};

export function sourceText(source: Span["source"], transfer: Transfer | null): string {
  const direction = transfer?.direction;
  return (direction && DIRECTION_WORDS[source]?.[direction]) || (SOURCE_WORDS[source] ?? source);
}

export function transferText({ mimetype, size_bytes, sha256, end }: Transfer): string {
  const digest = sha256 === null ? "" : `SHA-256 ${sha256}`;
  return [mimetype, bytesText(size_bytes), digest, END_WORDS[end]].filter(Boolean).join(", ");
}
