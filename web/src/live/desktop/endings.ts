/** How a session can end, as the page takes it: every Guacamole status code and every close reason of the gateway. Pure. */

import type { CloseReason } from "../../api/types";
import { sentence } from "../../format/words";
import { CLOSE_REASON_WORDS, type EndingWords, STATUS_WORDS } from "./texts";

/** Status codes of the `error` instruction (manual, "Status codes"); the same as the gateway's `GuacStatus`. */
export const Status = {
  SUCCESS: 0x0000,
  UNSUPPORTED: 0x0100,
  SERVER_ERROR: 0x0200,
  SERVER_BUSY: 0x0201,
  UPSTREAM_TIMEOUT: 0x0202,
  UPSTREAM_ERROR: 0x0203,
  RESOURCE_NOT_FOUND: 0x0204,
  RESOURCE_CONFLICT: 0x0205,
  RESOURCE_CLOSED: 0x0206,
  UPSTREAM_NOT_FOUND: 0x0207,
  UPSTREAM_UNAVAILABLE: 0x0208,
  SESSION_CONFLICT: 0x0209,
  SESSION_TIMEOUT: 0x020a,
  SESSION_CLOSED: 0x020b,
  CLIENT_BAD_REQUEST: 0x0300,
  CLIENT_UNAUTHORIZED: 0x0301,
  CLIENT_FORBIDDEN: 0x0303,
  CLIENT_TIMEOUT: 0x0308,
  CLIENT_OVERRUN: 0x030d,
  CLIENT_BAD_TYPE: 0x030f,
  CLIENT_TOO_MANY: 0x031d,
} as const;

export interface Ending extends EndingWords {
  /** Whether opening the target again at once may help. */
  retriable: boolean;
  /** Whether the session ended as it should: no alarm on the page. */
  expected: boolean;
}

function wrong(words: EndingWords, retriable: boolean): Ending {
  return { ...words, retriable, expected: false };
}

function orderly(words: EndingWords): Ending {
  return { ...words, retriable: false, expected: true };
}

export const STATUS_ENDINGS: Record<keyof typeof Status, Ending> = {
  SUCCESS: orderly(STATUS_WORDS.SUCCESS),
  UNSUPPORTED: wrong(STATUS_WORDS.UNSUPPORTED, false),
  SERVER_ERROR: wrong(STATUS_WORDS.SERVER_ERROR, true),
  SERVER_BUSY: wrong(STATUS_WORDS.SERVER_BUSY, true),
  UPSTREAM_TIMEOUT: wrong(STATUS_WORDS.UPSTREAM_TIMEOUT, true),
  UPSTREAM_ERROR: wrong(STATUS_WORDS.UPSTREAM_ERROR, true),
  RESOURCE_NOT_FOUND: wrong(STATUS_WORDS.RESOURCE_NOT_FOUND, false),
  RESOURCE_CONFLICT: wrong(STATUS_WORDS.RESOURCE_CONFLICT, false),
  RESOURCE_CLOSED: wrong(STATUS_WORDS.RESOURCE_CLOSED, true),
  UPSTREAM_NOT_FOUND: wrong(STATUS_WORDS.UPSTREAM_NOT_FOUND, true),
  UPSTREAM_UNAVAILABLE: wrong(STATUS_WORDS.UPSTREAM_UNAVAILABLE, true),
  SESSION_CONFLICT: wrong(STATUS_WORDS.SESSION_CONFLICT, false),
  SESSION_TIMEOUT: orderly(STATUS_WORDS.SESSION_TIMEOUT),
  SESSION_CLOSED: orderly(STATUS_WORDS.SESSION_CLOSED),
  CLIENT_BAD_REQUEST: wrong(STATUS_WORDS.CLIENT_BAD_REQUEST, true),
  CLIENT_UNAUTHORIZED: wrong(STATUS_WORDS.CLIENT_UNAUTHORIZED, false),
  CLIENT_FORBIDDEN: wrong(STATUS_WORDS.CLIENT_FORBIDDEN, false),
  CLIENT_TIMEOUT: wrong(STATUS_WORDS.CLIENT_TIMEOUT, true),
  CLIENT_OVERRUN: wrong(STATUS_WORDS.CLIENT_OVERRUN, true),
  CLIENT_BAD_TYPE: wrong(STATUS_WORDS.CLIENT_BAD_TYPE, false),
  CLIENT_TOO_MANY: wrong(STATUS_WORDS.CLIENT_TOO_MANY, false),
};

/** Close reasons of the gateway: a closed list. They say more than a status and win over it. */
export const CLOSE_REASON_ENDINGS: Record<CloseReason, Ending> = {
  operator_left: orderly(CLOSE_REASON_WORDS.operator_left),
  target_left: orderly(CLOSE_REASON_WORDS.target_left),
  target_unreachable: STATUS_ENDINGS.UPSTREAM_NOT_FOUND,
  target_error: STATUS_ENDINGS.UPSTREAM_ERROR,
  target_unknown: wrong(CLOSE_REASON_WORDS.target_unknown, false),
  target_port_closed: wrong(CLOSE_REASON_WORDS.target_port_closed, true),
  target_sign_in_failed: wrong(CLOSE_REASON_WORDS.target_sign_in_failed, false),
  credential_missing: wrong(CLOSE_REASON_WORDS.credential_missing, false),
  idle_limit: STATUS_ENDINGS.SESSION_TIMEOUT,
  peer_lost: wrong(CLOSE_REASON_WORDS.peer_lost, true),
  protocol_error: STATUS_ENDINGS.CLIENT_BAD_REQUEST,
  recorder_lost: wrong(CLOSE_REASON_WORDS.recorder_lost, false),
  guacd_lost: wrong(CLOSE_REASON_WORDS.guacd_lost, true),
  gateway_stopped: wrong(CLOSE_REASON_WORDS.gateway_stopped, true),
  gateway_lost: wrong(CLOSE_REASON_WORDS.gateway_lost, true),
  terminated: wrong(CLOSE_REASON_WORDS.terminated, false),
  signed_out: orderly(CLOSE_REASON_WORDS.signed_out),
  access_ended: wrong(CLOSE_REASON_WORDS.access_ended, false),
  target_removed: wrong(CLOSE_REASON_WORDS.target_removed, false),
};

/** Endings that somebody decided: his words say more than ours. */
const DECIDED: readonly CloseReason[] = ["terminated", "signed_out", "access_ended", "target_removed"];

export function endingOf(status: number, words: string): Ending {
  const reasons = Object.keys(CLOSE_REASON_ENDINGS) as CloseReason[];
  const reason = reasons.find((name) => words.includes(name));
  if (reason !== undefined) return CLOSE_REASON_ENDINGS[reason];
  const ending = endingOfStatus(status);
  return status === Status.SESSION_CLOSED && words !== "" ? { ...ending, means: said(words) } : ending;
}

/** The ending of a session as its row has it. */
export function endingOfRow(reason: CloseReason, text: string | null): Ending {
  const ending = CLOSE_REASON_ENDINGS[reason];
  return DECIDED.includes(reason) && text ? { ...ending, means: said(text) } : ending;
}

function said(text: string): string {
  return /[.!?]$/.test(text) ? sentence(text) : `${sentence(text)}.`;
}

function endingOfStatus(status: number): Ending {
  const name = (Object.keys(Status) as (keyof typeof Status)[]).find((key) => Status[key] === status);
  return STATUS_ENDINGS[name ?? "SERVER_ERROR"];
}
