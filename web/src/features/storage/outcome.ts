/** What a run of reconciling came to, in words. Pure. */
import type { Task } from "../../api/types";

interface Outcome {
  text: string;
  how: string;
  trouble: string | null;
}

export function outcomeOf(task: Pick<Task, "state" | "result" | "error">): Outcome {
  const { result } = task;
  const how = result.deep === true ? "every byte read" : "sizes compared";
  if (task.state === "failed") return { text: "It could not be done.", how, trouble: task.error };
  const found = numberOf(result.found_count);
  const repaired = numberOf(result.repaired_count);
  const compared = counted(numberOf(result.recording_count), "recording");
  const text =
    found === 0
      ? `${compared} compared, everything fits.`
      : `${compared} compared, ${counted(found, "discrepancy", "discrepancies")} found, ${repaired} repaired.`;
  return { text, how, trouble: troubleOf(result) };
}

function troubleOf(result: Record<string, unknown>): string | null {
  const parts: string[] = [];
  if (typeof result.archive_trouble === "string") parts.push(`The archive: ${result.archive_trouble}.`);
  const moving = numberOf(result.moving_count);
  if (moving > 0) parts.push(`${counted(moving, "recording")} in work, to be looked at next time.`);
  return parts.length === 0 ? null : parts.join(" ");
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
