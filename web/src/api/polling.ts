/** How often pages ask again for what changes by itself. */
import type { Task } from "./types";

export const LIVE_POLL_MS = 2_000; // a stage's progress is written about once a second
export const CALM_POLL_MS = 15_000;

/** Whether work that was asked for is still to be done. */
export function isUnfinished(task: Task | null | undefined): boolean {
  return task?.state === "pending" || task?.state === "running";
}
