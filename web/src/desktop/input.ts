/** The operator's keyboard, mouse and touch, sent to the target while the desktop has the focus. */
import Guacamole from "guacamole-common-js";

export type TouchMode = "touchscreen" | "touchpad";

export const KEYSYM = {
  TAB: 0xff09,
  ESCAPE: 0xff1b,
  DELETE: 0xffff,
  CONTROL: 0xffe3,
  ALT: 0xffe9,
  SUPER: 0xffeb,
} as const;

const MOUSE_EVENTS = ["mousedown", "mousemove", "mouseup"] as const;

export class OperatorInput {
  touchMode: TouchMode = "touchscreen";
  private readonly keyboard: Guacamole.Keyboard;
  private readonly sink = new Guacamole.InputSink();
  private readonly ending = new AbortController();

  constructor(
    private readonly client: Guacamole.Client,
    private readonly host: HTMLElement,
  ) {
    this.keyboard = new Guacamole.Keyboard(host);
    this.keyboard.listenTo(this.sink.getElement());
  }

  attach(): void {
    this.keyboard.onkeydown = (keysym) => {
      this.client.sendKeyEvent(1, keysym);
      return false;
    };
    this.keyboard.onkeyup = (keysym) => this.client.sendKeyEvent(0, keysym);
    this.host.append(this.sink.getElement());
    this.attachMouse();
    this.attachTouch();
    const { signal } = this.ending;
    // Keys held while the window loses the focus would stay pressed at the target.
    window.addEventListener("blur", () => this.keyboard.reset(), { signal });
    this.host.addEventListener("blur", () => this.keyboard.reset(), { signal });
    this.host.addEventListener("pointerdown", () => this.host.focus(), { signal });
  }

  detach(): void {
    this.ending.abort();
    this.keyboard.reset();
    this.keyboard.onkeydown = null;
    this.keyboard.onkeyup = null;
  }

  /** Presses these keys together and lets them go again. */
  sendChord(keysyms: readonly number[]): void {
    for (const keysym of keysyms) this.client.sendKeyEvent(1, keysym);
    for (const keysym of keysyms.toReversed()) this.client.sendKeyEvent(0, keysym);
    this.host.focus();
  }

  /** Brings up the on-screen keyboard of a phone or tablet. */
  showScreenKeyboard(): void {
    this.sink.focus();
  }

  private attachMouse(): void {
    const display = this.client.getDisplay();
    const mouse = new Guacamole.Mouse(display.getElement());
    mouse.onEach([...MOUSE_EVENTS], (event) => this.sendMouse(event));
    mouse.on("mouseout", () => display.showCursor(false));
    // The target's cursor as the browser's own moves without any delay; where that fails it is drawn.
    display.oncursor = (canvas, x, y) => display.showCursor(!mouse.setCursor(canvas, x, y));
  }

  private attachTouch(): void {
    const display = this.client.getDisplay();
    const devices = {
      touchscreen: new Guacamole.Mouse.Touchscreen(display.getElement()),
      touchpad: new Guacamole.Mouse.Touchpad(display.getElement()),
    };
    for (const mode of ["touchscreen", "touchpad"] as const) {
      devices[mode].onEach([...MOUSE_EVENTS], (event) => {
        if (this.touchMode !== mode) return;
        display.showCursor(true);
        this.sendMouse(event);
      });
    }
  }

  private sendMouse(event: Guacamole.Event): void {
    if (event instanceof Guacamole.Mouse.Event) this.client.sendMouseState(event.state, true);
  }
}
