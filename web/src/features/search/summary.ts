/** What a search found and how much it looked at, in one line. Pure. */
import type { Coverage } from "../../api/types";
import { TEXTS } from "./texts";

/** "0 hits in 412 sessions, 99.2 % of visible screen-time read"; what cannot be searched is never left out. */
export function summaryText(hits: string, coverage: Coverage): string {
  const parts = [TEXTS.hitsIn(hits, TEXTS.sessionCount(coverage.recordings))];
  if (coverage.read_share !== null) parts.push(TEXTS.ofVisibleScreenTime(shareText(coverage.read_share)));
  const unread = coverage.unread_recordings;
  if (unread > 0) parts.push(TEXTS.notSearchable(TEXTS.sessionCount(unread)));
  return parts.join(", ");
}

/** A share as "99.2 %". Rounded down: "100 %" has to mean all of it. */
export function shareText(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9) / 10; // 0.992 * 1000 is a hair below 992
  return `${tenths === 100 ? "100" : tenths.toFixed(1)} %`;
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
