/**
 * One connection to a target: Guacamole client, its display in a host element, and the operator's input.
 *
 * Knows no React. `useDesktop` creates one per ticket, listens to its events and closes it. Nothing outlives `close`.
 */
import Guacamole from "guacamole-common-js";
import type { ClipboardRules } from "../../api/types";
import { ClipboardExchange } from "./clipboard";
import { type GatewayNotice, gatewayNotice } from "./gatewayNotice";
import { OperatorInput, type TouchMode } from "./input";
import { RoundTrips } from "./roundTrip";
import { type Size, SizeRequest } from "./sizeRequest";
import { GatewayTunnel, type TunnelEnd } from "./tunnel";

const RESIZE_QUIET_MS = 250; // a window being dragged reports many sizes; the target gets the last
const MIN_SIDE = 200;
const MAX_SIDE = 4096;
const PLAIN_DPI = 96;

export interface DesktopEvents {
  onConnected: () => void;
  onUnstable: (unstable: boolean) => void;
  onRoundTrip: (medianMs: number) => void;
  onRemoteClipboard: (text: string) => void;
  onDisplaySize: (width: number, height: number) => void;
  /** What of a text sent to the target's clipboard does not arrive, in words; [] when all does. */
  onClipboardLosses: (losses: string[]) => void;
  /** Whether the target has kept its size although the window's has changed. */
  onSizeKept: (kept: boolean) => void;
  /** Somebody locked or unlocked the input, or sent a message. */
  onGatewayNotice: (notice: GatewayNotice) => void;
  /** Ctrl + Alt + Shift was pressed. */
  onMenuKeys: () => void;
  onEnd: (end: TunnelEnd) => void;
}

export interface OpenOptions {
  ticket: string;
  tunnelPath: string;
  layout: string;
  clipboard: ClipboardRules;
  /** Draw with every pixel of a dense screen, which makes RDP's text smaller. */
  sharp: boolean;
}

export class DesktopConnection {
  readonly clipboard: ClipboardExchange;
  readonly input: OperatorInput;
  private readonly tunnel: GatewayTunnel;
  private readonly client: Guacamole.Client;
  private readonly roundTrips = new RoundTrips();
  private readonly size: SizeRequest;
  private readonly observer = new ResizeObserver(() => this.hostResized());
  private resizeTimer: number | undefined;
  private failure: TunnelEnd | null = null;
  private fits = true;
  private announced = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly options: OpenOptions,
    private readonly events: DesktopEvents,
  ) {
    this.tunnel = new GatewayTunnel(options.tunnelPath);
    this.client = new Guacamole.Client(this.tunnel);
    this.clipboard = new ClipboardExchange(
      this.client,
      options.clipboard,
      events.onRemoteClipboard,
      events.onClipboardLosses,
    );
    this.input = new OperatorInput(this.client, host, events.onMenuKeys);
    this.size = new SizeRequest(
      ({ width, height }) => this.client.sendSize(width, height),
      events.onSizeKept,
    );
    this.listen();
  }

  open(): void {
    const element = this.client.getDisplay().getElement();
    element.style.margin = "auto";
    this.host.replaceChildren(element);
    this.input.attach();
    this.observer.observe(this.host);
    this.client.connect(this.query());
  }

  /** Ends the session from this side. */
  close(): void {
    this.input.release(); // before the last instruction: behind it nothing is passed on
    this.client.disconnect();
    this.tunnel.disconnect();
  }

  /** Scaled down to fit the window, or pixel for pixel. */
  setFits(fits: boolean): void {
    this.fits = fits;
    this.scale();
  }

  /** Tells the gateway that a message was read. */
  acknowledge(id: string): void {
    this.tunnel.sendMessage("", "acknowledged", id);
  }

  setTouchMode(mode: TouchMode): void {
    this.input.touchMode = mode;
  }

  private listen(): void {
    this.client.onstatechange = (state) => {
      if (state === Guacamole.Client.State.CONNECTED) this.connected();
    };
    this.client.onerror = (status) => {
      this.failure = { status: status.code, words: status.message ?? "" };
    };
    this.client.getDisplay().onresize = (width, height) => {
      this.scale();
      this.size.targetChanged();
      this.events.onDisplaySize(width, height);
    };
    this.tunnel.onstatechange = (state) => {
      this.events.onUnstable(state === Guacamole.Tunnel.State.UNSTABLE);
    };
    const draw = this.tunnel.oninstruction;
    this.tunnel.oninstruction = (opcode, args) => {
      const notice = gatewayNotice(opcode, args.map(String));
      if (notice === null) draw?.(opcode, args);
      else this.events.onGatewayNotice(notice);
    };
    this.tunnel.onroundtrip = (ms) => this.events.onRoundTrip(this.roundTrips.add(ms));
    this.tunnel.onend = (end) => this.ended(end);
  }

  private connected(): void {
    if (this.announced) return;
    this.announced = true;
    this.input.focus();
    this.events.onConnected();
    this.size.connected(this.wantedSize());
  }

  /** An `error` instruction says why before the socket closes, so it wins over the closing frame's status. */
  private ended(end: TunnelEnd): void {
    this.observer.disconnect();
    window.clearTimeout(this.resizeTimer);
    this.size.close();
    this.input.detach();
    this.host.replaceChildren();
    const words = [this.failure?.words, end.words].filter(Boolean).join(" ");
    this.events.onEnd({ status: this.failure?.status ?? end.status, words });
  }

  private hostResized(): void {
    this.scale();
    window.clearTimeout(this.resizeTimer);
    this.resizeTimer = window.setTimeout(() => this.size.changed(this.wantedSize()), RESIZE_QUIET_MS);
  }

  private scale(): void {
    const display = this.client.getDisplay();
    if (display.getWidth() === 0 || display.getHeight() === 0) return;
    const dense = 1 / window.devicePixelRatio;
    const room = Math.min(
      this.host.clientWidth / display.getWidth(),
      this.host.clientHeight / display.getHeight(),
    );
    display.scale(this.fits ? Math.min(room, 1) : dense);
  }

  /**
   * Device pixels. What `dpi` makes of them is up to guacd: its terminals draw larger and stay sharp, RDP gets a screen of
   * so many pixels less, which the browser enlarges (softer), and VNC has a size of its own. `sharp` is for RDP: every pixel,
   * and text as small as the target draws it.
   */
  private wantedSize(): Size {
    const side = (cssPixels: number) =>
      Math.round(Math.min(MAX_SIDE, Math.max(MIN_SIDE, cssPixels * window.devicePixelRatio)));
    return { width: side(this.host.clientWidth), height: side(this.host.clientHeight) };
  }

  private query(): string {
    const { width, height } = this.wantedSize();
    this.size.opened({ width, height });
    return new URLSearchParams({
      ticket: this.options.ticket,
      width: String(width),
      height: String(height),
      dpi: String(Math.round(this.options.sharp ? PLAIN_DPI : PLAIN_DPI * window.devicePixelRatio)),
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      layout: this.options.layout,
    }).toString();
  }
}
