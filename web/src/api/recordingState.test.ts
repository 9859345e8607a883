import { expect, it } from "vitest";
import { recordingStateWords } from "./texts";

it("is red only while somebody works", () => {
  expect(recordingStateWords({ state: "open", closed_at: null })).toMatchObject({
    title: "Recording",
    tone: "live",
  });
  expect(recordingStateWords({ state: "open", closed_at: "2026-03-04T05:06:07Z" })).toMatchObject({
    title: "Waiting to be sealed",
    tone: "quiet",
  });
  expect(recordingStateWords({ state: "sealed", closed_at: "2026-03-04T05:06:07Z" }).title).toBe("Sealed");
});
