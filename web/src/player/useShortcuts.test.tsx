// @vitest-environment jsdom
import { fireEvent, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PlaybackController } from "./controller";
import { addressAt } from "./useAddressTime";
import { useShortcuts } from "./useShortcuts";

const controller = { toggle: vi.fn(), skip: vi.fn(), seekPart: vi.fn() };
const jumps = { toHit: vi.fn(), toggleFullscreen: vi.fn(), copyLink: vi.fn(), toggleKeys: vi.fn() };

function press(key: string, more: KeyboardEventInit = {}): void {
  fireEvent.keyDown(document.body, { key, ...more });
}

beforeEach(() => {
  vi.clearAllMocks();
  renderHook(() => useShortcuts(controller as unknown as PlaybackController, jumps));
});

describe("the player's keys", () => {
  it("are those of other players", () => {
    for (const key of ["k", "j", "l", "0", "7", "m"]) press(key);
    expect(controller.toggle).toHaveBeenCalledOnce();
    expect(controller.skip.mock.calls).toEqual([[-10_000], [10_000]]);
    expect(controller.seekPart.mock.calls).toEqual([[0], [0.7]]);
    expect(jumps.copyLink).toHaveBeenCalledOnce();
  });

  it("are shown by a question mark", () => {
    press("?", { shiftKey: true });
    expect(jumps.toggleKeys).toHaveBeenCalledOnce();
  });

  it("leave the browser's own alone", () => {
    press("l", { ctrlKey: true });
    expect(controller.skip).not.toHaveBeenCalled();
  });
});

it("puts the moment into the address and leaves the rest of it", () => {
  expect(addressAt("https://gate.test/recordings/a?q=pay&t=5", 1234.6)).toBe(
    "https://gate.test/recordings/a?q=pay&t=1235",
  );
});
