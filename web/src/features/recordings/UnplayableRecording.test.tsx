// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import type { Recording } from "../../api/types";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { UnplayableRecording } from "./UnplayableRecording";

const terminal = {
  id: "r1",
  kind: "terminal",
  state: "sealed",
  closed_at: "2026-01-01T00:00:00Z",
  duration_ms: 90_000,
  stages: [],
} as unknown as Recording;

const asked: string[] = [];

beforeEach(() => {
  asked.length = 0;
  answering(({ url }) => {
    asked.push(url);
    const span = { id: 1, start_ms: 500, end_ms: 900, text: "rm -rf /srv", source: "screen", transfer: null };
    return { body: { items: [span], next_cursor: null } };
  });
});

it("says that it cannot be played and shows the exact text", async () => {
  show(<UnplayableRecording recording={terminal} />);
  expect(screen.getByText("Recordings of kind “terminal” cannot be played here")).toBeDefined();
  expect(await screen.findByText("rm -rf /srv")).toBeDefined();
});

it("pages through the text", async () => {
  show(<UnplayableRecording recording={terminal} />);
  (await screen.findByRole("button", { name: "Minute after" })).click();
  expect(await screen.findByText("1:00 to 1:30")).toBeDefined();
});

it("asks for no text that was purged", () => {
  show(<UnplayableRecording recording={{ ...terminal, state: "purged" }} />);
  expect(screen.getByText("The bytes are gone")).toBeDefined();
  expect(asked).toEqual([]);
});
