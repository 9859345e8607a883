/** The player's keys. They do not act while a person types or has a control in focus that needs the key. */
import { useEffect } from "react";
import type { PlaybackController } from "./controller";

const SKIP_MS = 5_000;
const LONG_SKIP_MS = 30_000;

interface Jumps {
  toHit: (direction: 1 | -1) => void;
  toggleFullscreen: () => void;
}

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ["Space", "play, pause"],
  ["← →", "5 seconds back, forward (with Shift 30)"],
  [", .", "previous, next change of the picture"],
  ["p n", "previous, next hit"],
  ["[ ]", "slower, faster"],
  ["i", "skip idle stretches"],
  ["f", "full screen"],
];

export function useShortcuts(controller: PlaybackController, jumps: Jumps): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isTaken(event)) return;
      if (act(event, controller, jumps)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [controller, jumps]);
}

function act(event: KeyboardEvent, controller: PlaybackController, jumps: Jumps): boolean {
  const far = event.shiftKey ? LONG_SKIP_MS : SKIP_MS;
  const actions = new Map<string, () => void>([
    [" ", () => controller.toggle()],
    ["ArrowLeft", () => controller.skip(-far)],
    ["ArrowRight", () => controller.skip(far)],
    [",", () => controller.step(-1)],
    [".", () => controller.step(1)],
    ["p", () => jumps.toHit(-1)],
    ["n", () => jumps.toHit(1)],
    ["[", () => controller.stepRate(-1)],
    ["]", () => controller.stepRate(1)],
    ["i", () => controller.setSkipIdle(!controller.snapshot().skipIdle)],
    ["f", () => jumps.toggleFullscreen()],
  ]);
  const action = actions.get(event.key);
  action?.();
  return action !== undefined;
}

/** Typing fields take every key; other controls take space and arrows for themselves. */
function isTaken(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return true;
  const own = event.target.closest("button, a, [role=tab], [role=slider]");
  return own !== null && (event.key === " " || event.key.startsWith("Arrow"));
}
