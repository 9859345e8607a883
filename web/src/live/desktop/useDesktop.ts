/** The life of a desktop in the page: ticket, connection, one automatic reconnection, end. */
import { type RefObject, useCallback, useEffect, useReducer, useRef } from "react";
import { client, unwrap } from "../../api/client";
import type { ClipboardRules } from "../../api/types";
import { DesktopConnection } from "./connection";
import { CLOSE_REASON_ENDINGS, type Ending, endingOf, STATUS_ENDINGS, Status } from "./endings";
import type { TunnelEnd } from "./tunnel";
import type { GatewayNotice } from "./gatewayNotice";
import { ApiError } from "../../format/apiError";
import { TEXTS } from "./texts";

const RECONNECT_AFTER_MS = 1_500;
const STEADY_AFTER_MS = 20_000; // a connection that held this long has earned another automatic reconnection

/** `wasOpen`: a session row exists, so that the gateway can be asked for the close reason. */
export type SessionEnd = Ending & { code: number; wasOpen: boolean };

export interface DesktopState {
  phase: "opening" | "connected" | "reconnecting" | "ended";
  attempt: number;
  unstable: boolean;
  roundTripMs: number | null;
  /** What was copied at the target last; null before anything was. */
  remoteClipboard: string | null;
  clipboard: ClipboardRules | null;
  clipboardLosses: string[];
  sizeKept: boolean;
  /** This desktop follows another in the same window, of which it is not the continuation. */
  renewed: boolean;
  size: { width: number; height: number } | null;
  ending: SessionEnd | null;
  /** Who locked the input and why; null while it is not. */
  lock: GatewayNotice | null;
  /** Messages that the operator has not confirmed, oldest first. */
  messages: GatewayNotice[];
}

type Change = Partial<DesktopState> | "again" | { told: GatewayNotice } | { read: string };

const START: DesktopState = {
  phase: "opening",
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

function reduce(state: DesktopState, change: Change): DesktopState {
  if (change === "again") {
    const wasShown = state.phase === "connected" || state.phase === "reconnecting";
    const renewed = wasShown || (state.renewed && state.phase === "opening");
    return { ...START, attempt: state.attempt + 1, renewed };
  }
  if ("told" in change) return told(state, change.told);
  if ("read" in change) return { ...state, messages: state.messages.filter(({ id }) => id !== change.read) };
  return { ...state, ...change };
}

function told(state: DesktopState, notice: GatewayNotice): DesktopState {
  if (notice.kind === "message") return { ...state, messages: [...state.messages, notice] };
  return { ...state, lock: notice.kind === "lock" ? notice : null };
}

interface Options {
  targetId: string;
  layout: string;
  sharp: boolean;
  onMenuKeys: () => void;
  host: RefObject<HTMLDivElement | null>;
}

export function useDesktop({ targetId, host, ...options }: Options) {
  const [state, change] = useReducer(reduce, START);
  const connection = useRef<DesktopConnection | null>(null);
  const spentReconnection = useRef(false);
  const leaving = useRef(false);
  const latest = useRef(options);
  latest.current = options;

  const reopen = useCallback(() => {
    leaving.current = false;
    change("again");
  }, []);

  const disconnect = useCallback(() => {
    leaving.current = true;
    connection.current?.close();
  }, []);

  useEffect(() => {
    let current = true;
    let wasConnected = false;
    let steadyTimer: number | undefined;
    let againTimer: number | undefined;

    const onEnd = (end: TunnelEnd) => {
      window.clearTimeout(steadyTimer);
      if (!current) return;
      connection.current = null;
      const ending = leaving.current ? CLOSE_REASON_ENDINGS.operator_left : endingOf(end.status, end.words);
      if (ending.retriable && wasConnected && !spentReconnection.current) {
        spentReconnection.current = true;
        change({ phase: "reconnecting", unstable: false });
        againTimer = window.setTimeout(reopen, RECONNECT_AFTER_MS);
      } else {
        change({
          phase: "ended",
          ending: { ...ending, code: end.status, wasOpen: true },
          remoteClipboard: null,
        });
      }
    };

    const open = async () => {
      const ticket = await issueTicket(targetId);
      if (!current || host.current === null) return;
      const opened = new DesktopConnection(
        host.current,
        {
          ticket: ticket.ticket,
          tunnelPath: ticket.tunnel_path,
          clipboard: ticket.clipboard,
          layout: latest.current.layout,
          sharp: latest.current.sharp,
        },
        {
          onConnected: () => {
            wasConnected = true;
            change({ phase: "connected" });
            steadyTimer = window.setTimeout(() => {
              spentReconnection.current = false;
            }, STEADY_AFTER_MS);
          },
          onUnstable: (unstable) => change({ unstable }),
          onRoundTrip: (roundTripMs) => change({ roundTripMs }),
          onRemoteClipboard: (remoteClipboard) => change({ remoteClipboard }),
          onClipboardLosses: (clipboardLosses) => change({ clipboardLosses }),
          onSizeKept: (sizeKept) => change({ sizeKept }),
          onGatewayNotice: (notice) => change({ told: notice }),
          onMenuKeys: () => latest.current.onMenuKeys(),
          onDisplaySize: (width, height) => change({ size: { width, height } }),
          onEnd,
        },
      );
      connection.current = opened;
      change({ clipboard: ticket.clipboard });
      opened.open();
    };

    open().catch((error: unknown) => {
      if (current) change({ phase: "ended", ending: endingOfRefusal(error) });
    });
    return () => {
      current = false;
      window.clearTimeout(steadyTimer);
      window.clearTimeout(againTimer);
      connection.current?.close();
      connection.current = null;
    };
  }, [host, targetId, state.attempt, reopen]);

  const dismiss = useCallback((notice: "renewed" | "sizeKept" | "clipboardLosses") => {
    change(notice === "clipboardLosses" ? { clipboardLosses: [] } : { [notice]: false });
  }, []);

  const acknowledge = useCallback((id: string) => {
    connection.current?.acknowledge(id);
    change({ read: id });
  }, []);

  return { state, connection, disconnect, reopen, dismiss, acknowledge };
}

function issueTicket(targetId: string) {
  return unwrap(
    client.POST("/api/targets/{target_id}/tickets", { params: { path: { target_id: targetId } } }),
  );
}

/** No ticket, no session: the HTTP status as a page. */
function endingOfRefusal(error: unknown): SessionEnd {
  const status = error instanceof ApiError ? error.status : 500;
  const known: Record<number, keyof typeof Status> = {
    0: "UPSTREAM_NOT_FOUND",
    401: "CLIENT_UNAUTHORIZED",
    403: "CLIENT_FORBIDDEN",
    404: "RESOURCE_NOT_FOUND",
    409: "RESOURCE_CONFLICT",
    429: "CLIENT_TOO_MANY",
    503: "SERVER_BUSY",
  };
  const name = known[status] ?? "SERVER_ERROR";
  const means = error instanceof Error ? TEXTS.gatewaySays(error.message) : STATUS_ENDINGS[name].means;
  return { ...STATUS_ENDINGS[name], means, retriable: true, code: Status[name], wasOpen: false };
}
