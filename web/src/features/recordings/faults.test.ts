import { expect, test } from "vitest";
import type { Fault, Verification } from "../../api/types";
import { checkedText, placeText, reasonText } from "./faults";

const fault: Fault = { file: "video.mp4", measure: "stored", start: 64, end: 65_700, text: "altered" };

test("a fault's place is told in what it is measured in", () => {
  expect(placeText(fault)).toBe("bytes 64 to 65,700 of the file");
  expect(placeText({ ...fault, measure: "content" })).toBe("bytes 64 to 65,700 of its content");
  expect(placeText({ ...fault, measure: "line", start: 7, end: 8 })).toBe("line 7");
  expect(placeText({ ...fault, measure: "file", start: null, end: null })).toBe("");
});

test("what was looked at is counted, and what was not is left out", () => {
  const verification: Verification = {
    id: "v",
    at: "2026-07-01T00:00:00Z",
    requested_by: "Cora",
    outcome: "whole",
    faults: [],
    facts: { segments: 1, renditions: 3, archived: null, signed_through_line: 24 },
  };
  expect(checkedText(verification)).toBe("1 segment, 3 derived files, signed to line 24 of the manifest");
  expect(checkedText({ ...verification, facts: { archived: 2 } })).toBe("2 archived copies");
  expect(reasonText(verification)).toBe("");
  expect(reasonText({ ...verification, facts: { reason: "it is not sealed yet" } })).toBe(
    "it is not sealed yet",
  );
});
