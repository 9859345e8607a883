/** What a recording's stages say together. Pure. */
import type { RecordingSummary, Stage } from "../../api/types";

export type PipelineState =
  | { kind: "recording" }
  | { kind: "failed"; stage: Stage }
  | { kind: "working"; stage: Stage; share: number }
  | { kind: "done" };

/** One line for a list: the failed stage, else the one being worked on with the share of all that is done. */
export function pipelineState(recording: Pick<RecordingSummary, "state" | "stages">): PipelineState {
  if (recording.state === "open") return { kind: "recording" };
  const failed = recording.stages.find((stage) => stage.state === "failed");
  if (failed) return { kind: "failed", stage: failed };
  const current =
    recording.stages.find((stage) => stage.state === "running") ??
    recording.stages.find((stage) => stage.state === "pending");
  if (current === undefined) return { kind: "done" };
  return { kind: "working", stage: current, share: doneShare(recording.stages) };
}

export function doneShare(stages: readonly Stage[]): number {
  if (stages.length === 0) return 0;
  const done = stages.map((stage) => (stage.state === "done" ? 1 : stage.progress));
  return done.reduce((sum, part) => sum + part, 0) / stages.length;
}

/** Whether the text of this recording can be found already. */
export function isSearchable(recording: Pick<RecordingSummary, "searchable_at">): boolean {
  return recording.searchable_at !== null;
}
