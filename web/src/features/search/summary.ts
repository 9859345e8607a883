/** What a search found and how much it looked at, in one line. Pure. */
import type { Coverage } from "../../api/types";

/** "0 hits in 412 sessions, 99.2 % of visible screen-time read"; without coverage, what is known. */
export function summaryText(hits: string, sessionCount: number, coverage: Coverage | null): string {
  const place = `${hits} in ${countText(coverage?.recordings ?? sessionCount, "session")}`;
  if (coverage === null || coverage.screen_seconds === 0) return place;
  return `${place}, ${shareText(coverage.read_share)} of visible screen-time read`;
}

/** A share as "99.2 %". Rounded down: "100 %" has to mean all of it. */
export function shareText(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9) / 10; // 0.992 * 1000 is a hair below 992
  return `${tenths === 100 ? "100" : tenths.toFixed(1)} %`;
}

/** "1 hit", "1,200 hits"; "first 24 hits" when there are more to come. */
export function countText(count: number, thing: string, more = false): string {
  const counted = `${count.toLocaleString("en")} ${count === 1 ? thing : `${thing}s`}`;
  return more ? `first ${counted}` : counted;
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
