// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { show } from "../../testing/page";
import { Notices } from "./Notices";
import type { DesktopState } from "./useDesktop";

const STATE = { phase: "connected", renewed: false, sizeKept: false, clipboardLosses: [] };
const onDismiss = vi.fn();
const onReconnect = vi.fn();

function showNotices(change: Partial<DesktopState>, resizes = true): void {
  const state = { ...STATE, ...change } as unknown as DesktopState;
  show(<Notices state={state} resizes={resizes} onDismiss={onDismiss} onReconnect={onReconnect} />);
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
