/** The operator's keyboard, mouse and touch, sent to the target while the desktop has the focus. */
import Guacamole from "guacamole-common-js";
import { HARMLESS_ALONE, isHalf, KEYSYM, MODIFIERS, SurrogatePairs } from "./keysyms";
import { TEXTS } from "./texts";

export type TouchMode = "touchscreen" | "touchpad";

const MOUSE_EVENTS = ["mousedown", "mousemove", "mouseup"] as const;

export class OperatorInput {
  touchMode: TouchMode = "touchscreen";
  private readonly keyboard: Guacamole.Keyboard;
  private readonly sink = new Guacamole.InputSink();
  private readonly ending = new AbortController();
  private readonly pairs = new SurrogatePairs();
  private buttons: Guacamole.Mouse.State | null = null;

  /** `onMenuKeys`: Ctrl + Alt + Shift was pressed, the way to the menu without a mouse. */
  constructor(
    private readonly client: Guacamole.Client,
    private readonly host: HTMLElement,
    private readonly onMenuKeys: () => void,
  ) {
    this.keyboard = new Guacamole.Keyboard(host);
    this.keyboard.listenTo(this.sink.getElement());
  }

  attach(): void {
    this.keyboard.onkeydown = (keysym) => this.keyDown(keysym);
    this.keyboard.onkeyup = (keysym) => {
      if (!isHalf(keysym)) this.client.sendKeyEvent(0, keysym);
    };
    const sink = this.sink.getElement();
    sink.setAttribute("aria-label", TEXTS.typedOnOnScreen);
    this.host.append(sink);
    this.attachMouse();
    this.attachTouch();
    const { signal } = this.ending;
    // What is held while the desktop loses the focus would stay pressed at the target.
    const release = () => this.release();
    window.addEventListener("blur", release, { signal });
    document.addEventListener("visibilitychange", release, { signal });
    this.host.addEventListener("focusout", release, { signal });
    this.host.addEventListener("pointerdown", () => this.focus(), { signal });
  }

  detach(): void {
    this.release();
    this.ending.abort();
    this.keyboard.onkeydown = null;
    this.keyboard.onkeyup = null;
  }

  /** Makes typing go to the target. */
  focus(): void {
    this.host.focus({ preventScroll: true });
  }

  /** Releases the keys and mouse buttons that are held here. */
  release(): void {
    this.keyboard.reset();
    if (this.buttons === null) return;
    const { x, y } = this.buttons;
    this.buttons = null;
    this.client.sendMouseState(new Guacamole.Mouse.State(x, y, false, false, false, false, false), true);
  }

  /**
   * Releases every modifier at the target, also those that it holds although nothing is held here: guacd presses some by
   * itself for characters that the layout does not have.
   */
  releaseAll(): void {
    this.release();
    for (const keysym of HARMLESS_ALONE) this.client.sendKeyEvent(1, keysym); // guacd passes no release of a key it thinks up
    for (const keysym of MODIFIERS) this.client.sendKeyEvent(0, keysym);
    this.focus();
  }

  /** Presses these keys together and lets them go again. */
  sendChord(keysyms: readonly number[]): void {
    for (const keysym of keysyms) this.client.sendKeyEvent(1, keysym);
    for (const keysym of keysyms.toReversed()) this.client.sendKeyEvent(0, keysym);
    this.focus();
  }

  /** Brings up the on-screen keyboard of a phone or tablet. */
  showScreenKeyboard(): void {
    this.sink.focus();
  }

  private keyDown(keysym: number): boolean {
    if (this.isMenuChord(keysym)) {
      this.release();
      this.onMenuKeys();
      return false;
    }
    const joined = this.pairs.join(keysym);
    if (joined !== null) this.client.sendKeyEvent(1, joined);
    if (joined !== null && isHalf(keysym)) this.client.sendKeyEvent(0, joined); // the release of a half names no key
    return false;
  }

  private isMenuChord(keysym: number): boolean {
    const chord: readonly number[] = [KEYSYM.CONTROL, KEYSYM.ALT, KEYSYM.SHIFT];
    return chord.includes(keysym) && chord.every((key) => this.keyboard.pressed[key]);
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
    if (!(event instanceof Guacamole.Mouse.Event)) return;
    const { left, middle, right } = event.state;
    this.buttons = left || middle || right ? event.state : null;
    this.client.sendMouseState(event.state, true);
  }
}
