/** The player's keys. They do not act while a person types or has a control in focus that needs the key. */
import { useEffect } from "react";
import type { PlaybackController } from "./controller";
import { TEXTS } from "./texts";

const SKIP_MS = 5_000;
const WIDE_SKIP_MS = 10_000; // what j and l do in other players
const LONG_SKIP_MS = 30_000;

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

interface Jumps {
  toHit: (direction: 1 | -1) => void;
  toggleFullscreen: () => void;
  copyLink: () => void;
  toggleKeys: () => void;
}

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ["Space k", TEXTS.playPause],
  ["← →", TEXTS.fiveSecondsKeys],
  ["j l", TEXTS.tenSecondsKeys],
  ["0 ... 9", TEXTS.jumpKeys],
  [", .", TEXTS.previousNextChangeOf],
  ["p n", TEXTS.previousNextHit],
  ["[ ]", TEXTS.slowerFaster],
  ["i", TEXTS.skipIdleStretches],
  ["m", TEXTS.copyLinkToThis],
  ["f", TEXTS.fullScreen],
  ["?", TEXTS.theseKeys],
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
    ["k", () => controller.toggle()],
    ["j", () => controller.skip(-WIDE_SKIP_MS)],
    ["l", () => controller.skip(WIDE_SKIP_MS)],
    ["m", () => jumps.copyLink()],
    ["?", () => jumps.toggleKeys()],
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
    ...DIGITS.map((digit) => [String(digit), () => controller.seekPart(digit / 10)] as const),
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
