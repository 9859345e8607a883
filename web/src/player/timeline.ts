/** The arithmetic of the player's timeline. Pure; times in ms from the recording's start, positions from 0 to 1. */

export interface Stretch {
  start_ms: number;
  end_ms: number;
}

/** Shorter pauses are part of reading and typing; skipping them would make the picture jump. */
export const SHORTEST_SKIP_MS = 3_000;
/** What is left to see at both ends of a skipped stretch, so that one sees where one is. */
export const SKIP_MARGIN_MS = 600;

export function positionOf(ms: number, durationMs: number): number {
  return durationMs > 0 ? clamp(ms / durationMs, 0, 1) : 0;
}

export function timeAt(position: number, durationMs: number): number {
  return Math.round(clamp(position, 0, 1) * durationMs);
}

/** Where to go on when `ms` lies in an idle stretch worth skipping; else null. */
export function skipTarget(ms: number, idle: readonly Stretch[]): number | null {
  const stretch = idle.find(
    ({ start_ms, end_ms }) =>
      end_ms - start_ms >= SHORTEST_SKIP_MS &&
      ms >= start_ms + SKIP_MARGIN_MS &&
      ms < end_ms - SKIP_MARGIN_MS,
  );
  return stretch ? stretch.end_ms - SKIP_MARGIN_MS : null;
}

/** How long the recording takes to watch when idle stretches are skipped. */
export function watchedDuration(durationMs: number, idle: readonly Stretch[]): number {
  const skipped = idle
    .filter(({ start_ms, end_ms }) => end_ms - start_ms >= SHORTEST_SKIP_MS)
    .reduce((sum, { start_ms, end_ms }) => sum + (end_ms - start_ms - 2 * SKIP_MARGIN_MS), 0);
  return Math.max(0, durationMs - skipped);
}

const STEPS_MS = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 14_400_000,
] as const;

/** Round times for labels under the timeline, about `count` of them, 0 included and the end left out. */
export function ticks(durationMs: number, count: number): number[] {
  const step = STEPS_MS.find((size) => durationMs / size <= count) ?? 28_800_000;
  const marks: number[] = [];
  for (let at = 0; at < durationMs; at += step) marks.push(at);
  return marks;
}

/** The first time after `ms` (direction 1) or the last before it (direction -1); null when there is none. */
export function neighbour(
  times: readonly number[],
  ms: number,
  direction: 1 | -1,
  slackMs = 1,
): number | null {
  if (direction === 1) return times.find((at) => at > ms + slackMs) ?? null;
  return times.findLast((at) => at < ms - slackMs) ?? null;
}

/** Hits that would be drawn over one another become one mark; returns each mark's first time and count. */
export function mergeMarks(
  times: readonly number[],
  durationMs: number,
  slots: number,
): { ms: number; count: number }[] {
  const marks = new Map<number, { ms: number; count: number }>();
  for (const ms of times.toSorted((a, b) => a - b)) {
    const slot = Math.floor(positionOf(ms, durationMs) * slots);
    const mark = marks.get(slot);
    if (mark) mark.count += 1;
    else marks.set(slot, { ms, count: 1 });
  }
  return [...marks.values()];
}

/** The transcript's page that holds `ms`. */
export function windowAround(ms: number, windowMs: number): { from: number; to: number } {
  const from = Math.floor(Math.max(0, ms) / windowMs) * windowMs;
  return { from, to: from + windowMs };
}

/** Whether a text is on the picture: from its start, up to but not at its end. A video's clock is off by less than 1 ms. */
export function isShownAt(ms: number, startMs: number, endMs: number): boolean {
  return startMs <= ms + 1 && ms + 1 < Math.max(endMs, startMs + 2);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
