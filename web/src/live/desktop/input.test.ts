// @vitest-environment jsdom
import type Guacamole from "guacamole-common-js";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { OperatorInput } from "./input";
import { KEYSYM, MODIFIERS } from "./keysyms";

const sent: (readonly [number, number])[] = [];
const onMenuKeys = vi.fn();
let host: HTMLElement;
let input: OperatorInput;
let keyboard: Guacamole.Keyboard;

/** A client that notes the keys it is given. */
function clientOf(): Guacamole.Client {
  const display = { getElement: () => document.createElement("div"), showCursor: () => undefined };
  return {
    sendKeyEvent: (pressed: 0 | 1, keysym: number) => sent.push([pressed, keysym]),
    sendMouseState: () => undefined,
    getDisplay: () => display,
  } as unknown as Guacamole.Client;
}

function typeOnScreen(text: string): void {
  const sink = host.querySelector("textarea");
  sink?.dispatchEvent(new InputEvent("input", { data: text, bubbles: true }));
}

beforeEach(() => {
  sent.length = 0;
  onMenuKeys.mockClear();
  host = document.createElement("div");
  host.tabIndex = 0;
  document.body.replaceChildren(host);
  input = new OperatorInput(clientOf(), host, onMenuKeys);
  keyboard = (input as unknown as { keyboard: Guacamole.Keyboard }).keyboard;
  input.attach();
});

describe("text from an on-screen keyboard", () => {
  it("sends a character beyond the basic plane as one key", () => {
    typeOnScreen("a🔑b");
    const pressed = sent.filter(([down]) => down === 1).map(([, keysym]) => keysym);
    expect(pressed).toEqual([0x61, 0x0101_f511, 0x62]);
    const released = sent.filter(([down]) => down === 0).map(([, keysym]) => keysym);
    expect(released).toEqual(pressed);
  });

  it("joins halves that come as two keys, and sends no half alone", () => {
    for (const unit of [0xd83d, 0xdd11]) keyboard.press(0x0100_0000 + unit);
    for (const unit of [0xd83d, 0xdd11]) keyboard.release(0x0100_0000 + unit);
    keyboard.press(0x0100_dd11);
    expect(sent).toEqual([
      [1, 0x0101_f511],
      [0, 0x0101_f511],
    ]);
  });

  it("has a name for who cannot see it", () => {
    expect(host.querySelector("textarea")?.getAttribute("aria-label")).toBeTruthy();
  });
});

describe("held keys", () => {
  it.each([
    ["the desktop loses the focus", () => host.dispatchEvent(new FocusEvent("focusout"))],
    ["the window loses the focus", () => window.dispatchEvent(new Event("blur"))],
    ["the tab is hidden", () => document.dispatchEvent(new Event("visibilitychange"))],
    ["the session ends", () => input.detach()],
  ])("are released when %s", (_when, happens) => {
    keyboard.press(KEYSYM.CONTROL);
    keyboard.press(0x63);
    happens();
    expect(sent.slice(2)).toEqual(
      expect.arrayContaining([
        [0, KEYSYM.CONTROL],
        [0, 0x63],
      ]),
    );
  });

  it("are released at the target when it holds a modifier that nobody holds here", () => {
    input.releaseAll();
    for (const keysym of MODIFIERS) expect(sent).toContainEqual([0, keysym]);
    expect(sent).toContainEqual([1, KEYSYM.ALT_GR]);
    expect(sent).not.toContainEqual([1, KEYSYM.SUPER]);
    expect(document.activeElement).toBe(host);
  });
});

it("leads to the menu by Ctrl + Alt + Shift, with nothing left pressed", () => {
  for (const keysym of [KEYSYM.CONTROL, KEYSYM.ALT, KEYSYM.SHIFT]) keyboard.press(keysym);
  expect(onMenuKeys).toHaveBeenCalledOnce();
  expect(sent.filter(([down]) => down === 1)).toHaveLength(2);
  for (const keysym of [KEYSYM.CONTROL, KEYSYM.ALT]) expect(sent).toContainEqual([0, keysym]);
});
