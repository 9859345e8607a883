// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/page";
import { answering } from "../../testing/setup";
import { RecordingsPage } from "./RecordingsPage";

function page(operator: string) {
  const recording = {
    id: operator,
    kind: "desktop",
    state: "archived",
    source: "live",
    tier: "hot",
    operator_name: operator,
    target_name: "db-01",
    protocol: "vnc",
    started_at: "2026-11-01T08:00:00Z",
    closed_at: "2026-11-01T08:05:00Z",
    duration_ms: 300_000,
    stages: [],
    gaps: [],
    width: 1280,
    height: 800,
    poster_ms: 0,
    searchable_seconds: 4,
    is_held: false,
  };
  return { body: { items: [recording], next_cursor: null } };
}

it("dims the rows of the last question until the answer to the new one is there", async () => {
  let answer: (found: ReturnType<typeof page>) => void = () => undefined;
  answering(({ url }) => {
    if (!url.includes("operator=")) return page("Olga");
    return new Promise((resolve) => (answer = resolve));
  });
  show(<RecordingsPage />);
  await screen.findByText(/Olga/);
  const busy = () => screen.getByRole("list", { name: "Recordings" }).closest("[aria-busy]");
  expect(busy()?.getAttribute("aria-busy")).toBe("false");
  fireEvent.change(screen.getByLabelText("Operator"), { target: { value: "Ada" } });
  await waitFor(() => expect(busy()?.getAttribute("aria-busy")).toBe("true"));
  expect(busy()?.className).toContain("stale");
  answer(page("Ada"));
  await screen.findByText(/Ada/);
  expect(busy()?.getAttribute("aria-busy")).toBe("false");
});
