import { describe, expect, it } from "vitest";
import { detailOf } from "./details";

const ID = "9f409d31-3751-4527-9b15-457234596a76";

describe("detailOf", () => {
  it.each([
    ["is_first_page", true, "First page: yes"],
    ["size_bytes", 1_400_000, "Size: 1.4 MB"],
    ["duration_ms", 247_000, "Duration: 4 min 7 s"],
    ["offset_ms", 247_000, "At: 4:07"],
    ["retain_for_days", 365, "Retain for days: 365"],
    ["case_number", "", "Case number: none"],
    ["q", "payments", "Query: payments"],
    ["recording_ids", ["a", "b", "c", "d"], "Recording ids: 4 of them"],
    ["changed", { name: "x", record_keys: false }, "Changed: name x, record keys no"],
  ])("says %s as a person would", (name, value, words) => {
    const { label, text } = detailOf(name, value);
    expect(`${label}: ${text}`).toBe(words);
  });

  it("knows what is to be shortened", () => {
    expect(detailOf("hold_id", ID)).toEqual({ label: "Hold", text: ID, isDigest: true });
    expect(detailOf("digest", "ab".repeat(32)).isDigest).toBe(true);
    expect(detailOf("reason", "a court asked").isDigest).toBe(false);
  });

  it("writes moments for the viewer", () => {
    expect(detailOf("expires_at", "2026-11-28T10:00:00Z").text).not.toContain("T10");
  });
});
