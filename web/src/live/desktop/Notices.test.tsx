// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { show } from "../../testing/page";
import { Notices } from "./Notices";
import type { DesktopState } from "./useDesktop";

const STATE = {
  phase: "connected",
  renewed: false,
  sizeKept: false,
  clipboardLosses: [],
  lock: null,
  messages: [],
};
const onDismiss = vi.fn();
const onReconnect = vi.fn();
const onAcknowledge = vi.fn();

function showNotices(change: Partial<DesktopState>, resizes = true): void {
  const state = { ...STATE, ...change } as unknown as DesktopState;
  const acts = { onDismiss, onReconnect, onAcknowledge };
  show(<Notices state={state} resizes={resizes} {...acts} />);
}

it("tells after a reconnection that this is a new desktop with a recording of its own", async () => {
  showNotices({ renewed: true });
  expect(screen.getByText(/what was open in it may be gone.*its own recording/)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(onDismiss).toHaveBeenCalledWith("renewed");
});

it("offers to reconnect where the target keeps its size", async () => {
  showNotices({ sizeKept: true });
  await userEvent.click(screen.getByRole("button", { name: "Reconnect to fit" }));
  expect(onReconnect).toHaveBeenCalledOnce();
});

it("offers nothing where reconnecting would not change the size", () => {
  showNotices({ sizeKept: true }, false);
  expect(screen.queryByRole("button")).toBeNull();
});

it("tells what of the clipboard does not arrive", () => {
  showNotices({ clipboardLosses: ["Cut after 256 KiB."] });
  expect(screen.getByText("Cut after 256 KiB.")).toBeDefined();
});

it("says who locked the input, and why, for as long as it is locked", () => {
  showNotices({ lock: { kind: "lock", id: "1", author: "Cora", text: "Wait for the owner." } });
  expect(screen.getByText("Cora locked your input")).toBeDefined();
  expect(screen.getByText(/Wait for the owner\. Nothing you type or click/)).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});

it("keeps each message until it is confirmed", async () => {
  const message = { kind: "message", author: "Cora" } as const;
  showNotices({
    messages: [
      { ...message, id: "1", text: "first" },
      { ...message, id: "2", text: "second" },
    ],
  });
  const [, second] = screen.getAllByRole("button", { name: "Understood" });
  if (second) await userEvent.click(second);
  expect(onAcknowledge).toHaveBeenCalledWith("2");
});
