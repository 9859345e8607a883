/** What a run of reconciling came to, in words. Pure. */
import type { Task } from "../../api/types";
import { TEXTS } from "./texts";

interface Outcome {
  text: string;
  how: string;
  trouble: string | null;
}

export function outcomeOf(task: Pick<Task, "state" | "result" | "error">): Outcome {
  const { result } = task;
  const how = result.deep === true ? TEXTS.everyByteRead : TEXTS.sizesCompared;
  if (task.state === "failed") return { text: TEXTS.itCouldNotBe, how, trouble: task.error };
  const found = numberOf(result.found_count);
  const repaired = numberOf(result.repaired_count);
  const compared = TEXTS.recordingCount(numberOf(result.recording_count));
  const text =
    found === 0
      ? TEXTS.comparedEverythingFits(compared)
      : TEXTS.comparedFoundRepaired(compared, TEXTS.discrepancyCount(found), repaired);
  return { text, how, trouble: troubleOf(result) };
}

function troubleOf(result: Record<string, unknown>): string | null {
  const parts: string[] = [];
  if (typeof result.archive_trouble === "string") parts.push(TEXTS.archiveTrouble(result.archive_trouble));
  const moving = numberOf(result.moving_count);
  if (moving > 0) parts.push(TEXTS.skipped(TEXTS.recordingCount(moving)));
  return parts.length === 0 ? null : parts.join(" ");
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
