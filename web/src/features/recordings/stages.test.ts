import { describe, expect, it } from "vitest";
import type { Stage } from "../../api/types";
import { doneShare, noVideoNotice, pipelineState, queueText } from "./stages";

const ENDED = "2026-03-04T05:06:07Z";

function stage(name: Stage["name"], state: Stage["state"], progress = 0): Stage {
  return {
    name,
    state,
    progress,
    attempt_count: 1,
    error: null,
    started_at: null,
    finished_at: null,
    not_before_at: null,
  };
}

describe("pipelineState", () => {
  it("says that an open recording is being written", () => {
    expect(pipelineState({ state: "open", closed_at: null, stages: [] })).toEqual({ kind: "recording" });
  });

  it("names the stage being worked on and how much is done", () => {
    const stages = [stage("seal", "done", 1), stage("render", "running", 0.5), stage("ocr", "pending")];
    expect(pipelineState({ state: "sealed", closed_at: ENDED, stages })).toEqual({
      kind: "working",
      stage: stages[1],
      share: 0.5,
    });
  });

  it("puts a failed stage first", () => {
    const stages = [stage("seal", "done"), stage("render", "failed"), stage("ocr", "pending")];
    expect(pipelineState({ state: "sealed", closed_at: ENDED, stages })).toEqual({
      kind: "failed",
      stage: stages[1],
    });
  });

  it("is done when all are", () => {
    expect(
      pipelineState({ state: "archived", closed_at: ENDED, stages: [stage("tier", "done", 1)] }),
    ).toEqual({
      kind: "done",
    });
  });
});

it("has done nothing where there are no stages", () => {
  expect(doneShare([])).toBe(0);
});

it.each([
  ["open", [], "live"],
  ["sealed", [stage("render", "running")], "wait"],
  ["sealed", [stage("render", "failed")], "bad"],
  ["archived", [stage("render", "done", 1)], "quiet"],
  ["purged", [], "quiet"],
] as const)("says why a recording that is %s has no video", (state, stages, tone) => {
  expect(noVideoNotice({ state, closed_at: state === "open" ? null : ENDED, stages: [...stages] }).tone).toBe(
    tone,
  );
});

it("says that a recording whose session has ended waits, and not that somebody is recorded", () => {
  const waiting = { state: "open", closed_at: ENDED, stages: [stage("seal", "pending")] } as const;
  const recording = { ...waiting, stages: [...waiting.stages] };
  expect(pipelineState(recording).kind).toBe("working");
  expect(noVideoNotice(recording).title).toBe("Waiting for a worker");
});

it.each([
  [0, null, "It is next."],
  [1, 90, "One recording is ahead of it; it can be searched in about 1 min 30 s."],
  [1200, null, "1,200 recordings are ahead of it."],
] as const)(
  "says where a recording stands in the queue: %s ahead",
  (ahead_count, searchable_in_seconds, text) => {
    expect(queueText({ ahead_count, searchable_in_seconds })).toBe(text);
  },
);
