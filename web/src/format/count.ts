/** Counts of things in words. Pure. */
import { TEXTS } from "./texts";

/** "1 hit", "1,200 hits"; "first 24 hits" when there are more to come. */
export function countText(count: number, thing: string, more = false): string {
  const counted = `${count.toLocaleString("en")} ${count === 1 ? thing : `${thing}s`}`;
  return more ? TEXTS.first(counted) : counted;
}
