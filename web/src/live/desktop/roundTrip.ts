/** The median of the last round trips: one slow answer does not make the number jump. Pure. */

const KEPT_COUNT = 15; // at one ping a second: the last quarter of a minute

export class RoundTrips {
  private readonly kept: number[] = [];

  add(ms: number): number {
    this.kept.push(ms);
    if (this.kept.length > KEPT_COUNT) this.kept.shift();
    return median(this.kept);
  }
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

export type LinkQuality = "good" | "fair" | "poor";

/** Below 80 ms typing feels direct; above 200 ms it visibly lags. */
export function qualityOf(medianMs: number): LinkQuality {
  if (medianMs < 80) return "good";
  return medianMs < 200 ? "fair" : "poor";
}
