// @vitest-environment jsdom
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { show } from "../../testing/page";
import { draggedTo } from "./barPlace";
import type { DesktopConnection } from "./connection";
import { DesktopMenu } from "./DesktopMenu";
import { KEYSYM } from "./keysyms";
import type { DesktopState } from "./useDesktop";

const STATE: DesktopState = {
  phase: "connected",
  attempt: 0,
  unstable: false,
  roundTripMs: null,
  remoteClipboard: null,
  clipboard: null,
  clipboardLosses: [],
  sizeKept: false,
  renewed: false,
  size: null,
  ending: null,
  lock: null,
  messages: [],
};

let desktop: HTMLElement;
const sendChord = vi.fn();
const releaseAll = vi.fn();

function showMenu(): void {
  const input = { focus: () => desktop.focus(), sendChord, releaseAll };
  const connection = { current: { input, setFits: () => undefined } as unknown as DesktopConnection };
  const nothing = () => undefined;
  show(
    <DesktopMenu
      name="db-01"
      protocol="rdp"
      state={STATE}
      notice={{ current: null }}
      connection={connection}
      layout="en-us-qwerty"
      sharp={false}
      onLayout={nothing}
      onSharp={nothing}
      onClipboard={nothing}
      onReconnect={nothing}
      onDisconnect={nothing}
    />,
  );
}

beforeEach(() => {
  vi.clearAllMocks();
  window.localStorage.clear();
  desktop = document.createElement("div");
  desktop.tabIndex = 0;
  document.body.append(desktop);
  desktop.focus();
});

afterEach(() => {
  vi.useRealTimers();
  desktop.remove();
});

describe("the focus after what is done in the bar", () => {
  it.each(["Ctrl + Alt + Delete", "Windows key", "Release all keys"])(
    "is the desktop's: %s",
    async (item) => {
      showMenu();
      await userEvent.click(screen.getByRole("button", { name: "Send keys" }));
      await userEvent.click(await screen.findByRole("menuitem", { name: item }));
      await waitFor(() => expect(screen.queryByRole("menuitem", { name: item })).toBeNull());
      expect(document.activeElement).toBe(desktop);
    },
  );

  it("is the desktop's when the menu is left without a choice", async () => {
    showMenu();
    await userEvent.click(screen.getByRole("button", { name: "Send keys" }));
    await screen.findByRole("menuitem", { name: "Escape" });
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(desktop));
  });

  it.each(["Actual size", "This session is recorded. Tools"])("is the desktop's: %s", async (name) => {
    showMenu();
    await userEvent.click(screen.getByRole("button", { name }));
    expect(document.activeElement).toBe(desktop);
  });
});

describe("the menu of keys", () => {
  it("sends a chord and releases everything", async () => {
    showMenu();
    await userEvent.click(screen.getByRole("button", { name: "Send keys" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Ctrl + Alt + Delete" }));
    expect(sendChord).toHaveBeenCalledWith([KEYSYM.CONTROL, KEYSYM.ALT, KEYSYM.DELETE]);
    await userEvent.click(screen.getByRole("button", { name: "Send keys" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Release all keys" }));
    expect(releaseAll).toHaveBeenCalledOnce();
  });
});

describe("the bar", () => {
  it("shrinks to a dot by itself and opens again for the keyboard", async () => {
    vi.useFakeTimers();
    showMenu();
    const bar = screen.getByTestId("connection-state");
    expect(bar.dataset.dot).toBe("false");
    for (let pass = 0; pass < 2; pass += 1) await act(() => vi.advanceTimersByTimeAsync(10_000));
    expect(bar.dataset.dot).toBe("true");
    act(() => screen.getByRole("button", { name: "This session is recorded. Tools" }).focus());
    expect(bar.dataset.dot).toBe("false");
    expect(screen.getByRole("button", { name: "Disconnect" })).toBeDefined();
  });

  it("moves along the edge with the arrow keys, and no further than the edge", async () => {
    showMenu();
    const bar = screen.getByTestId("connection-state");
    screen.getByRole("button", { name: "This session is recorded. Tools" }).focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(bar.style.getPropertyValue("--bar-place")).toBe("0.6");
    for (let press = 0; press < 20; press += 1) await userEvent.keyboard("{ArrowLeft}");
    expect(bar.style.getPropertyValue("--bar-place")).toBe("0");
  });

  it("follows the pointer by as much as it moves", () => {
    expect(draggedTo(0.5, 100, 1000)).toBeCloseTo(0.6);
    expect(draggedTo(0.5, -900, 1000)).toBe(0);
    expect(draggedTo(0.5, 10, 0)).toBe(0.5);
  });
});
