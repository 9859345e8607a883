import { describe, expect, it } from "vitest";
import { CLOSE_REASON_ENDINGS, endingOf, endingOfRow, STATUS_ENDINGS, Status } from "./endings";

describe("endings", () => {
  it("has words for every status code", () => {
    for (const [name, code] of Object.entries(Status)) {
      expect(endingOf(code, "")).toBe(STATUS_ENDINGS[name as keyof typeof Status]);
    }
  });

  it("has a title, an explanation and advice everywhere", () => {
    for (const ending of [...Object.values(STATUS_ENDINGS), ...Object.values(CLOSE_REASON_ENDINGS)]) {
      expect(ending.title.length).toBeGreaterThan(5);
      expect(ending.means).toMatch(/\.$/);
      expect(ending.todo).toMatch(/\.$/);
    }
  });

  it("lets the gateway's close reason win over the status", () => {
    expect(endingOf(Status.SERVER_ERROR, "recorder_lost").title).toBe("Stopped: recording failed");
    expect(endingOf(Status.SERVER_ERROR, "closed: terminated").retriable).toBe(false);
  });

  it("tells why a target could not be opened", () => {
    const reasons = ["target_unknown", "target_port_closed", "target_sign_in_failed", "credential_missing"];
    const titles = reasons.map((reason) => endingOf(Status.UPSTREAM_NOT_FOUND, reason).title);
    expect(new Set(titles).size).toBe(4);
  });

  it("repeats the reason of whoever ended the session", () => {
    expect(endingOf(Status.SESSION_CLOSED, "Cora ended the session: too late").means).toBe(
      "Cora ended the session: too late.",
    );
    expect(endingOfRow("terminated", "Cora ended the session: stop!").means).toBe(
      "Cora ended the session: stop!",
    );
    expect(endingOfRow("idle_limit", "closed for lack of input")).toBe(CLOSE_REASON_ENDINGS.idle_limit);
  });

  it("promises an operator nothing that only others can do", () => {
    expect(CLOSE_REASON_ENDINGS.operator_left.todo).toBe("The recording is kept.");
  });

  it("treats an unknown status as the gateway's error", () => {
    expect(endingOf(0x7777, "")).toBe(STATUS_ENDINGS.SERVER_ERROR);
  });
});
