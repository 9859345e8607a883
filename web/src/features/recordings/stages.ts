/** What a recording's stages say together. Pure. */
import type { Recording, RecordingSummary, Stage } from "../../api/types";
import { durationText } from "../../format/time";
import { TEXTS } from "./texts";

type Standing = Pick<RecordingSummary, "state" | "closed_at" | "stages">;

export type PipelineState =
  | { kind: "recording" }
  | { kind: "failed"; stage: Stage }
  | { kind: "working"; stage: Stage; share: number }
  | { kind: "done" };

/** One line for a list: the failed stage, else the one being worked on with the share of all that is done. */
export function pipelineState(recording: Standing): PipelineState {
  if (recording.state === "open" && recording.closed_at === null) return { kind: "recording" };
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

export interface Notice {
  tone: "live" | "wait" | "bad" | "quiet";
  title: string;
  text: string;
}

/** Why a recording has no video (yet). */
export function noVideoNotice(recording: Standing): Notice {
  if (recording.state === "purged") {
    return {
      tone: "quiet",
      title: TEXTS.bytesAreGone,
      text: TEXTS.thisRecordingWasPurged,
    };
  }
  const { kind } = pipelineState(recording);
  if (kind === "recording") {
    return {
      tone: "live",
      title: TEXTS.sessionIsRunning,
      text: TEXTS.itIsBeingRecorded,
    };
  }
  if (kind === "failed") {
    return {
      tone: "bad",
      title: TEXTS.videoCouldNotBe,
      text: TEXTS.stageGaveUpFor,
    };
  }
  if (kind === "done") {
    return {
      tone: "quiet",
      title: TEXTS.nothingWasShown,
      text: TEXTS.sessionEndedBeforeTarget,
    };
  }
  const isWorkedOn = recording.stages.some((stage) => stage.state === "running");
  return {
    tone: "wait",
    title: isWorkedOn ? TEXTS.videoIsBeingMade : TEXTS.waitingForWorker,
    text: TEXTS.thisPageShowsVideo,
  };
}

/** Where it stands in the queue, and about how long it takes. */
export function queueText({ ahead_count, searchable_in_seconds }: NonNullable<Recording["queue"]>): string {
  const ahead = ahead_count === 0 ? TEXTS.itIsNext : TEXTS.recordingsAhead(ahead_count.toLocaleString());
  const place = ahead_count === 1 ? TEXTS.oneRecordingAhead : ahead;
  if (searchable_in_seconds === null) return `${place}.`;
  return TEXTS.itCanBeSearched(place, durationText(searchable_in_seconds * 1000));
}
