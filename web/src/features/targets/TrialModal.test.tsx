// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Target, Trial } from "../../api/types";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { findingsOf } from "./trial";
import { TrialModal } from "./TrialModal";

const TARGET = { id: "t1", name: "db-01", host: "10.0.0.1", port: 5900 } as Target;
const FOUND: Trial = { reach: "answers", sign_in: "refused", in_use: false, duration_ms: 40 };

async function test(): Promise<void> {
  show(<TrialModal target={TARGET} onClose={() => undefined} />);
  await userEvent.click(screen.getByRole("button", { name: "Test connection" }));
}

describe("the test of a connection", () => {
  it("tells each step apart", async () => {
    answering(() => ({ body: FOUND }));
    await test();
    expect(await screen.findByText(/The port answers/)).toBeDefined();
    expect(screen.getByText(/stored credential was probably not accepted/)).toBeDefined();
  });

  it("says why it was refused", async () => {
    answering(() => ({ status: 429, body: { detail: "too many tests; wait a minute" } }));
    await test();
    expect(await screen.findByText(/too many tests/i)).toBeDefined();
  });

  it("says that nobody was signed in over a running session", () => {
    const [, signIn] = findingsOf({ ...FOUND, sign_in: "not_tried", in_use: true });
    expect(signIn?.words).toMatch(/a session is running there/);
  });
});
