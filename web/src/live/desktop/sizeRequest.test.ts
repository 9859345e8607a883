import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Size, SizeRequest } from "./sizeRequest";

const OPENED = { width: 900, height: 700 };
const OTHER = { width: 1100, height: 640 };

describe("SizeRequest", () => {
  let sent: Size[];
  let kept: boolean[];
  let request: SizeRequest;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    kept = [];
    request = new SizeRequest(
      (size) => sent.push(size),
      (isKept) => kept.push(isKept),
    );
    request.opened(OPENED);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("keeps a size that the window got before the first frame until then", () => {
    request.changed(OTHER);
    expect(sent).toEqual([]);
    request.connected(OTHER);
    expect(sent).toEqual([OTHER]);
  });

  it("asks nothing of a window that has the size it was opened with", () => {
    request.connected(OPENED);
    request.changed(OPENED);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([]);
    expect(kept).toEqual([]);
  });

  it("asks again when the first request may have been lost, and then leaves it", () => {
    request.connected(OTHER);
    request.targetChanged(); // the size it was opened with, told by the target for the first time
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([OTHER, OTHER]);
    expect(kept.at(-1)).toBe(false);
  });

  it("stops asking a target that keeps its size, and says so", () => {
    request.connected(OTHER);
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(4);
    expect(kept).toEqual([true, true, true, true]);
  });

  it("takes it back once the target has followed", () => {
    request.connected(OTHER);
    vi.advanceTimersByTime(4_000);
    request.targetChanged();
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(2);
    expect(kept).toEqual([true, false, false]);
  });

  it("asks for the latest size only", () => {
    request.connected(OTHER);
    request.changed(OPENED);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([OTHER, OPENED, OPENED]);
  });

  it("asks nothing after the end", () => {
    request.connected(OTHER);
    request.close();
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([OTHER]);
  });
});
