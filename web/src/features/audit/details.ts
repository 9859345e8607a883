/** The details of an audit event in words: "is_first_page: true" is "First page: yes". Pure. */
import { bytesText } from "../../format/bytes";
import { absoluteTime, durationText, offsetText } from "../../format/time";
import { plainWords, sentence } from "../../format/words";
import { TEXTS } from "./texts";

export interface Detail {
  label: string;
  text: string;
  /** An identifier or a digest: shown short, copied whole. */
  isDigest: boolean;
}

// Longer lists are too much to read; a search names every recording it showed.
const MOST_SHOWN = 3;
const DIGEST = /^([0-9a-f]{32,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

const LABELS: Record<string, string> = {
  q: TEXTS.query,
  sha256: "SHA-256",
  ocr: "OCR",
  offset_ms: TEXTS.at,
  actor_name: TEXTS.actor,
};

/** How a value is written, by the end of its name; the end is not said. */
const MEASURES: readonly [end: string, write: (value: number) => string][] = [
  ["_bytes", bytesText],
  ["_ms", durationText],
  ["_seconds", (value) => durationText(value * 1000)],
  ["_hours", (value) => durationText(value * 3_600_000)],
];

export function detailOf(name: string, value: unknown): Detail {
  return {
    label: labelOf(name),
    text: textOf(name, value),
    isDigest: typeof value === "string" && DIGEST.test(value),
  };
}

function labelOf(name: string): string {
  const end = [...MEASURES.map(([one]) => one), "_id", "_at"].find((one) => name.endsWith(one));
  const bare = (end === undefined ? name : name.slice(0, -end.length)).replace(/^is_/, "");
  return LABELS[name] ?? sentence(plainWords(bare));
}

function textOf(name: string, value: unknown): string {
  if (typeof value === "boolean") return value ? TEXTS.yes : TEXTS.no;
  if (value === null || value === "") return TEXTS.none;
  if (Array.isArray(value)) return listText(name, value);
  if (typeof value === "number") return numberText(name, value);
  if (typeof value === "string") return isMoment(name, value) ? absoluteTime(new Date(value)) : value;
  return Object.entries(value as object)
    .map(([key, one]) => `${labelOf(key).toLowerCase()} ${textOf(key, one)}`)
    .join(", ");
}

function numberText(name: string, value: number): string {
  if (name === "offset_ms") return offsetText(value);
  const write = MEASURES.find(([end]) => name.endsWith(end))?.[1];
  return write ? write(value) : value.toLocaleString();
}

function listText(name: string, values: readonly unknown[]): string {
  if (values.length === 0) return TEXTS.none;
  return values.length > MOST_SHOWN
    ? TEXTS.ofThem(values.length)
    : values.map((one) => textOf(name, one)).join(", ");
}

function isMoment(name: string, value: string): boolean {
  return name.endsWith("_at") && !Number.isNaN(Date.parse(value));
}
