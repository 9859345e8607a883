import { describe, expect, it } from "vitest";
import type { Stage } from "../../api/types";
import { doneShare, noVideoNotice, pipelineState } from "./stages";

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
    expect(pipelineState({ state: "open", stages: [] })).toEqual({ kind: "recording" });
  });

  it("names the stage being worked on and how much is done", () => {
    const stages = [stage("seal", "done", 1), stage("render", "running", 0.5), stage("ocr", "pending")];
    expect(pipelineState({ state: "sealed", stages })).toEqual({
      kind: "working",
      stage: stages[1],
      share: 0.5,
    });
  });

  it("puts a failed stage first", () => {
    const stages = [stage("seal", "done"), stage("render", "failed"), stage("ocr", "pending")];
    expect(pipelineState({ state: "sealed", stages })).toEqual({ kind: "failed", stage: stages[1] });
  });

  it("is done when all are", () => {
    expect(pipelineState({ state: "archived", stages: [stage("tier", "done", 1)] })).toEqual({
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
  expect(noVideoNotice({ state, stages: [...stages] }).tone).toBe(tone);
});
