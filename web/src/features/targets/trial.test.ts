import { expect, it } from "vitest";
import type { Trial } from "../../api/types";
import { findingsOf } from "./trial";

const outcomes = (trial: Partial<Trial>) => findingsOf(trial as Trial).map(({ outcome }) => outcome);

it("says of a target that shows its screen that all is good", () => {
  expect(outcomes({ reach: "answers", sign_in: "shown", in_use: false })).toEqual(["good", "good"]);
});

it("does not claim a sign-in at a target in use", () => {
  expect(outcomes({ reach: "answers", sign_in: "not_tried", in_use: true })).toEqual(["good", "skipped"]);
});

it("names the port, not the session, where a target in use does not answer", () => {
  const [address, signIn] = findingsOf({ reach: "silent", sign_in: "not_tried", in_use: true } as Trial);
  expect(address?.outcome).toBe("bad");
  expect(signIn?.words).toContain("the port does not answer");
});
