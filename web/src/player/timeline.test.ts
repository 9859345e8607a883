import { describe, expect, it } from "vitest";
import {
  isShownAt,
  mergeMarks,
  neighbour,
  positionOf,
  SKIP_MARGIN_MS,
  skipTarget,
  ticks,
  timeAt,
  watchedDuration,
  windowAround,
} from "./timeline";

describe("positions", () => {
  it("go from time to place and back", () => {
    expect(timeAt(positionOf(12_345, 60_000), 60_000)).toBe(12_345);
  });

  it("stay within the timeline", () => {
    expect(positionOf(70_000, 60_000)).toBe(1);
    expect(positionOf(-5, 60_000)).toBe(0);
    expect(timeAt(1.7, 60_000)).toBe(60_000);
  });

  it("are at the start of a recording without length", () => {
    expect(positionOf(5, 0)).toBe(0);
  });
});

describe("skipTarget", () => {
  const idle = [
    { start_ms: 1_000, end_ms: 2_500 },
    { start_ms: 10_000, end_ms: 40_000 },
  ];

  it("goes near the end of a long stretch", () => {
    expect(skipTarget(12_000, idle)).toBe(40_000 - SKIP_MARGIN_MS);
  });

  it("leaves the margins of a stretch to be seen", () => {
    expect(skipTarget(10_100, idle)).toBeNull();
    expect(skipTarget(39_900, idle)).toBeNull();
  });

  it("does not skip twice", () => {
    const target = skipTarget(12_000, idle) as number;
    expect(skipTarget(target, idle)).toBeNull();
  });

  it("leaves short stretches and busy times alone", () => {
    expect(skipTarget(1_700, idle)).toBeNull();
    expect(skipTarget(5_000, idle)).toBeNull();
  });
});

it("tells how long a recording takes without its idle stretches", () => {
  expect(watchedDuration(60_000, [{ start_ms: 10_000, end_ms: 40_000 }])).toBe(30_000 + 2 * SKIP_MARGIN_MS);
  expect(watchedDuration(60_000, [{ start_ms: 1_000, end_ms: 2_000 }])).toBe(60_000);
});

describe("ticks", () => {
  it("are round times that fit", () => {
    expect(ticks(58_000, 6)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
  });

  it("are never more than asked for, even for a long day", () => {
    expect(ticks(10 * 3_600_000, 8).length).toBeLessThanOrEqual(8);
  });
});

describe("neighbour", () => {
  const times = [1_000, 2_000, 3_000];

  it("finds the next and the one before", () => {
    expect(neighbour(times, 2_000, 1)).toBe(3_000);
    expect(neighbour(times, 2_000, -1)).toBe(1_000);
  });

  it("has nothing beyond the ends", () => {
    expect(neighbour(times, 3_000, 1)).toBeNull();
    expect(neighbour(times, 1_000, -1)).toBeNull();
  });
});

it("draws hits that fall together as one mark", () => {
  expect(mergeMarks([30_000, 100, 120], 60_000, 10)).toEqual([
    { ms: 100, count: 2 },
    { ms: 30_000, count: 1 },
  ]);
});

describe("isShownAt", () => {
  it("begins with the start and ends before the end, where the next text may begin", () => {
    expect(isShownAt(36_000, 36_000, 47_400)).toBe(true);
    expect(isShownAt(47_398, 36_000, 47_400)).toBe(true);
    expect(isShownAt(47_400, 36_000, 47_400)).toBe(false);
    expect(isShownAt(47_400, 47_400, 50_000)).toBe(true);
  });

  it("forgives the video's clock its rounding", () => {
    expect(isShownAt(47_399.7, 47_400, 50_000)).toBe(true);
    expect(isShownAt(47_399.7, 36_000, 47_400)).toBe(false);
  });

  it("shows what was there for an instant", () => {
    expect(isShownAt(500, 500, 500)).toBe(true);
  });
});

it("finds the transcript's page of a time", () => {
  expect(windowAround(61_000, 60_000)).toEqual({ from: 60_000, to: 120_000 });
});
