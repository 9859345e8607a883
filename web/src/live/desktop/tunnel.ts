/**
 * The browser's end of the tunnel: a Guacamole.Tunnel over a WebSocket with subprotocol `guacamole`.
 *
 * It differs from guacamole-common-js's own in three ways: lengths count code points, round trips are measured with the
 * tunnel's pings (internal opcode ""), and the reason with which the gateway closes is kept for the page.
 */
import Guacamole from "guacamole-common-js";
import { Status } from "./endings";
import { decodeInstructions, encodeInstruction } from "./instructions";

const SUBPROTOCOL = "guacamole";
const INTERNAL_OPCODE = "";
const PING_EVERY_MS = 1_000;
const UNSTABLE_AFTER_MS = 3_500; // three pings without an answer
const LOST_AFTER_MS = 15_000; // guacd's own limit for a silent client

export interface TunnelEnd {
  status: number;
  /** What the gateway said, e.g. a close reason; "" when it said nothing. */
  words: string;
}

export class GatewayTunnel extends Guacamole.Tunnel {
  onroundtrip: ((ms: number) => void) | null = null;
  onend: ((end: TunnelEnd) => void) | null = null;
  private socket: WebSocket | null = null;
  private timer: number | undefined;
  private heardAt = 0;
  private ended = false;

  constructor(private readonly path: string) {
    super();
    // Guacamole.Tunnel sets these as properties of the object, which hide methods of a class.
    this.connect = (query) => this.open(query ?? "");
    this.disconnect = () => this.end({ status: Status.SUCCESS, words: "" });
    this.sendMessage = (...elements: unknown[]) => this.send(elements);
  }

  private open(query: string): void {
    this.change(Guacamole.Tunnel.State.CONNECTING);
    const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${window.location.host}${this.path}?${query}`, SUBPROTOCOL);
    socket.onopen = () => this.heard();
    socket.onmessage = (event) => this.receive(String(event.data));
    socket.onclose = (event) => this.end(endOf(event));
    this.socket = socket;
    this.heardAt = performance.now();
    this.timer = window.setInterval(() => this.tick(), PING_EVERY_MS);
  }

  private send(elements: readonly unknown[]): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encodeInstruction(elements));
  }

  private receive(message: string): void {
    this.heard();
    try {
      for (const [opcode = "", ...args] of decodeInstructions(message)) this.handle(opcode, args);
    } catch (error) {
      this.end({ status: Status.SERVER_ERROR, words: error instanceof Error ? error.message : "" });
      throw error;
    }
  }

  private handle(opcode: string, args: string[]): void {
    if (opcode !== INTERNAL_OPCODE) {
      this.change(Guacamole.Tunnel.State.OPEN);
      this.oninstruction?.(opcode, args);
    } else if (args[0] === "ping") {
      this.onroundtrip?.(performance.now() - Number(args[1]));
    } else if (args[0] !== undefined) {
      this.uuid = args[0];
      this.change(Guacamole.Tunnel.State.OPEN);
      this.onuuid?.(args[0]);
    }
  }

  private heard(): void {
    this.heardAt = performance.now();
    if (this.state === Guacamole.Tunnel.State.UNSTABLE) this.change(Guacamole.Tunnel.State.OPEN);
  }

  private tick(): void {
    const silence = performance.now() - this.heardAt;
    if (silence > LOST_AFTER_MS) {
      this.end({ status: Status.UPSTREAM_TIMEOUT, words: "" });
      return;
    }
    if (silence > UNSTABLE_AFTER_MS && this.state === Guacamole.Tunnel.State.OPEN) {
      this.change(Guacamole.Tunnel.State.UNSTABLE);
    }
    this.send([INTERNAL_OPCODE, "ping", Math.round(performance.now())]);
  }

  private end(end: TunnelEnd): void {
    if (this.ended) return;
    this.ended = true;
    window.clearInterval(this.timer);
    if (end.status !== Status.SUCCESS) {
      this.onerror?.(new Guacamole.Status(end.status as Guacamole.Status.Code, end.words));
    }
    this.change(Guacamole.Tunnel.State.CLOSED);
    this.socket?.close();
    this.onend?.(end);
  }

  private change(state: Guacamole.Tunnel.State): void {
    if (state === this.state) return;
    this.state = state;
    this.onstatechange?.(state);
  }
}

/** The gateway puts a Guacamole status, a close reason or both into the closing frame; else the close code tells. */
export function endOf({ code, reason }: { code: number; reason: string }): TunnelEnd {
  const status = /\b\d{1,4}\b/.exec(reason);
  if (status) return { status: Number(status[0]), words: reason.replace(status[0], "").trim() };
  return { status: statusOfCloseCode(code), words: reason };
}

/** WebSocket close codes as Guacamole statuses: 4000 + status is the gateway's own, the others RFC 6455 section 7.4.1. */
function statusOfCloseCode(code: number): number {
  if (code >= 4000) return code - 4000;
  const known: Record<number, number> = {
    1000: Status.SUCCESS,
    1001: Status.SESSION_CLOSED,
    1002: Status.CLIENT_BAD_REQUEST,
    1006: Status.UPSTREAM_NOT_FOUND,
    1008: Status.CLIENT_FORBIDDEN,
    1009: Status.CLIENT_OVERRUN,
    1012: Status.SERVER_BUSY,
    1013: Status.SERVER_BUSY,
  };
  return known[code] ?? Status.SERVER_ERROR;
}
