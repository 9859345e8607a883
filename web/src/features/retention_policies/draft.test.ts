import { expect, it } from "vitest";
import { bodyOf, draftOf } from "./draft";

it("what is left empty is no condition and no limit", () => {
  const draft = { ...draftOf(null), name: "Vendors", target_group: "  ", risk_class: "vendor" as const };
  expect(bodyOf(draft)).toEqual({
    name: "Vendors",
    target_id: null,
    target_group: null,
    risk_class: "vendor",
    hot_days: null,
    retain_for_days: 365,
    delete_after_days: null,
    object_lock: false,
  });
});

it("zero days are days", () => {
  const body = bodyOf({ ...draftOf(null), hot_days: 0, delete_after_days: 0 });
  expect([body.hot_days, body.delete_after_days]).toEqual([0, 0]);
});
