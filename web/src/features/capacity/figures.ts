/** Figures of capacity for people, and the curve of a plan. Pure. */
import type { CapacityForecast, CapacityPlan } from "../../api/types";
import { bytesText } from "../../format/bytes";
import { TEXTS } from "./texts";

/** "1 day", "12 days", "3.5 days", "4.2 years". */
export function dayText(days: number): string {
  if (days >= 730) return TEXTS.years((days / 365.25).toFixed(1));
  const rounded = days < 10 ? Math.round(days * 10) / 10 : Math.round(days);
  return TEXTS.days(rounded);
}

/** A day some way off: a forecast does not know the hour. */
export function dateText(at: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(at);
}

export function signedBytes(size: number): string {
  const rounded = Math.round(size);
  return rounded < 0 ? `−${bytesText(-rounded)}` : `+${bytesText(rounded)}`;
}

export interface Point {
  day: number;
  bytes: number;
}

/** A tier fills until the oldest goes, and then stays as it is. `lastDay` is where the chart ends. */
export function fillCurve(perDay: number, keptDays: number, lastDay: number): Point[] {
  const full = Math.min(keptDays, lastDay);
  return [
    { day: 0, bytes: 0 },
    { day: full, bytes: perDay * full },
    { day: lastDay, bytes: perDay * full },
  ];
}

export interface Curves {
  hot: Point[];
  archive: Point[];
  lastDay: number;
  mostBytes: number;
}

export function curvesOf(forecast: CapacityForecast, plan: CapacityPlan): Curves {
  const lastDay = Math.max(1, plan.hot_days, plan.retention_days) * 1.1;
  return {
    hot: fillCurve(forecast.hot_per_day, plan.hot_days, lastDay),
    archive: fillCurve(forecast.archive_per_day, plan.retention_days, lastDay),
    lastDay,
    mostBytes: Math.max(1, forecast.hot.expected, forecast.archive.expected),
  };
}
