import { describe, expect, it } from "vitest";
import type { RetentionPolicy } from "../../api/types";
import { TEXTS } from "./texts";
import { byPrecision, conditionsOf } from "./words";

function policy(name: string, change: Partial<RetentionPolicy> = {}): RetentionPolicy {
  return {
    id: name,
    name,
    target_id: null,
    target_name: null,
    target_group: null,
    risk_class: null,
    hot_days: null,
    effective_hot_days: 30,
    retain_for_days: 365,
    delete_after_days: null,
    object_lock: false,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    ...change,
  };
}

describe("policies", () => {
  it("come as they are tried, the default last", () => {
    const found = byPrecision([
      policy("default"),
      policy("vendors", { risk_class: "vendor" }),
      policy("plant", { target_group: "plant" }),
      policy("plant vendors", { target_group: "plant", risk_class: "vendor" }),
      policy("press", { target_id: "1", target_name: "press-1" }),
    ]);
    expect(found.map(({ name }) => name)).toEqual(["press", "plant vendors", "plant", "vendors", "default"]);
  });

  it("say what they apply to", () => {
    expect(conditionsOf(policy("default"))).toEqual([]);
    expect(
      conditionsOf(policy("one", { target_id: "1", target_name: "press-1", risk_class: "domain_admin" })),
    ).toEqual(["Target press-1", "Risk class Domain administrator"]);
    expect(conditionsOf(policy("two", { target_id: "gone" }))).toEqual(["Target gone"]);
  });

  it("count days in words", () => {
    expect([TEXTS.dayCount(1), TEXTS.dayCount(0.5), TEXTS.dayCount(3650)]).toEqual([
      "1 day",
      "0.5 days",
      "3,650 days",
    ]);
  });
});
