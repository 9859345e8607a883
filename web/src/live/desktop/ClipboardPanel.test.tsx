// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { ClipboardRules } from "../../api/types";
import { show } from "../../testing/page";
import { ClipboardPanel } from "./ClipboardPanel";

const VNC: ClipboardRules = { may_copy: true, may_paste: true, encoding: "ISO8859-1" };

function showPanel(rules: ClipboardRules, remoteText: string | null = null): void {
  const nothing = () => undefined;
  show(<ClipboardPanel opened remoteText={remoteText} rules={rules} onSend={nothing} onClose={nothing} />);
}

function type(text: string): void {
  fireEvent.change(screen.getByLabelText("To the target"), { target: { value: text } });
}

describe("the clipboard panel", () => {
  it("says before sending what will not arrive", () => {
    showPanel(VNC);
    type("Grüße");
    expect(screen.queryByText(/Arriving as/)).toBeNull();
    type("5 €");
    expect(screen.getByText(/Arriving as "\?": €/)).toBeDefined();
    type("a".repeat(256 * 1024 + 3));
    expect(screen.getByText(/the last 3 of 262147 bytes do not arrive/)).toBeDefined();
  });

  it("says that nothing has come, and why that may be", () => {
    showPanel(VNC);
    expect(screen.getByText(/some VNC servers never send/)).toBeDefined();
  });

  it("shows what came", () => {
    showPanel(VNC, "from there");
    expect(screen.getByLabelText<HTMLTextAreaElement>("From the target").value).toBe("from there");
    expect(screen.queryByText(/never send/)).toBeNull();
  });

  it("says where the target forbids a direction", () => {
    showPanel({ ...VNC, may_copy: false, may_paste: false });
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.getByText(/takes no clipboard text/)).toBeDefined();
    expect(screen.getByText(/gives no clipboard text/)).toBeDefined();
  });

  it("says that the browser asks, and then what came of it", async () => {
    let refuse: (() => void) | undefined;
    const readText = () => new Promise<string>((_done, fail) => (refuse = () => fail(new Error("no"))));
    vi.stubGlobal("navigator", { ...window.navigator, clipboard: { readText } });
    showPanel(VNC);
    await userEvent.click(screen.getByRole("button", { name: "From this computer" }));
    expect(screen.getByText(/The browser asks whether/)).toBeDefined();
    refuse?.();
    await waitFor(() => expect(screen.getByText(/does not allow reading/)).toBeDefined());
    expect(screen.queryByText(/The browser asks whether/)).toBeNull();
    vi.unstubAllGlobals();
  });
});
