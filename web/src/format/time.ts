/** Times for people: absolute in the viewer's zone, relative, offsets into a recording, durations. Pure. */
import { TEXTS } from "./texts";

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 minutes ago"; within a minute "just now" (clocks of browser and gateway differ by seconds). */
export function relativeTime(at: Date, now: Date, locale?: string): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (unit === undefined) return TEXTS.justNow;
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(
    Math.round(seconds / unit[1]),
    unit[0],
  );
}

/** "23 Nov 2026, 14:05:09" in the viewer's zone. */
export function absoluteTime(at: Date, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone }).format(at);
}

/** The same with the zone's name, for hovering: evidence is read by people in other zones. */
export function absoluteTimeWithZone(at: Date, locale?: string, timeZone?: string): string {
  const zone = timeZone ?? viewerTimeZone();
  const withOffset = new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "longOffset",
    timeZone: zone,
  }).format(at);
  return `${withOffset} (${zone})`;
}

export function viewerTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "Europe/Berlin (GMT+1)": the viewer's zone, for reading times by. */
export function zoneText(now: Date, locale?: string, timeZone = viewerTimeZone()): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "shortOffset" }).formatToParts(now);
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return offset === "" || timeZone === "UTC" ? timeZone : `${timeZone} (${offset})`;
}

/** An offset into a recording as "4:07" or "1:02:03"; with `exact` also tenths. */
export function offsetText(ms: number, exact = false): string {
  const total = Math.max(0, ms);
  const hours = Math.floor(total / 3_600_000);
  const minutes = Math.floor(total / 60_000) % 60;
  const seconds = Math.floor(total / 1000) % 60;
  const tenths = exact ? `.${Math.floor(total / 100) % 10}` : "";
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(seconds)}${tenths}`;
}

/** A length of time in words: "850 ms", "12 s", "4 min 7 s", "2 h 5 min". */
export function durationText(ms: number): string {
  if (ms < 1000) return TEXTS.milliseconds(Math.round(ms));
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return TEXTS.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(TEXTS.minutes(minutes), seconds % 60, TEXTS.seconds);
  return joined(TEXTS.hours(Math.floor(minutes / 60)), minutes % 60, TEXTS.minutes);
}

function joined(head: string, rest: number, text: (count: number) => string): string {
  return rest === 0 ? head : `${head} ${text(rest)}`;
}
