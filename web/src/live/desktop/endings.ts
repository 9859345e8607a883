/** How a session can end, in words: every Guacamole status code and every close reason of the gateway. Pure. */

import type { CloseReason } from "../../api/types";

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

export interface Ending {
  title: string;
  means: string;
  todo: string;
  /** Whether opening the target again at once may help. */
  retriable: boolean;
  /** Whether the session ended as it should: no alarm on the page. */
  expected: boolean;
}

function wrong(title: string, means: string, todo: string, retriable: boolean): Ending {
  return { title, means, todo, retriable, expected: false };
}

function orderly(title: string, means: string, todo: string): Ending {
  return { title, means, todo, retriable: false, expected: true };
}

const AGAIN = "Open the target again.";
const TELL_ADMIN = "Tell an administrator if it happens again.";

export const STATUS_ENDINGS: Record<keyof typeof Status, Ending> = {
  SUCCESS: orderly("Session ended", "The session was closed and its recording is complete.", AGAIN),
  UNSUPPORTED: wrong(
    "Not supported",
    "The target asked for something that this connection cannot do.",
    "An administrator can check the target's protocol and parameters.",
    false,
  ),
  SERVER_ERROR: wrong(
    "Something went wrong at the gateway",
    "An internal error ended the session. What was recorded until then is kept.",
    `${AGAIN} ${TELL_ADMIN}`,
    true,
  ),
  SERVER_BUSY: wrong(
    "The gateway is busy",
    "It takes no further sessions at the moment.",
    "Wait a minute, then try again.",
    true,
  ),
  UPSTREAM_TIMEOUT: wrong(
    "The target does not answer",
    "It, or the network on the way to it, has been silent for too long.",
    "Check your network, then open the target again.",
    true,
  ),
  UPSTREAM_ERROR: wrong(
    "The target reported an error",
    "The connection to the target failed, or the target ended it with an error.",
    `${AGAIN} ${TELL_ADMIN}`,
    true,
  ),
  RESOURCE_NOT_FOUND: wrong(
    "Not found",
    "What was asked for no longer exists, such as a target that was removed.",
    "Go back to the targets and choose again.",
    false,
  ),
  RESOURCE_CONFLICT: wrong(
    "Already in use",
    "The target is held by someone else.",
    "Try again later.",
    false,
  ),
  RESOURCE_CLOSED: wrong("Closed meanwhile", "What the session needed has been closed.", AGAIN, true),
  UPSTREAM_NOT_FOUND: wrong(
    "The target cannot be found",
    "It does not answer, or the gateway itself cannot be reached.",
    "Check that the machine is on. An administrator can test the connection to the target.",
    true,
  ),
  UPSTREAM_UNAVAILABLE: wrong(
    "The target refuses connections",
    "The machine is there but does not take the connection.",
    "It may be starting up or out of capacity: wait, then try again.",
    true,
  ),
  SESSION_CONFLICT: wrong(
    "Signed in elsewhere",
    "Another sign-in with the same account at the target replaced this one.",
    "Agree with whoever else uses the account before you open it again.",
    false,
  ),
  SESSION_TIMEOUT: orderly(
    "Closed for inactivity",
    "There was no input for as long as the rules allow.",
    "Open the target again to go on.",
  ),
  SESSION_CLOSED: orderly("The session was closed", "The target or the gateway ended the session.", AGAIN),
  CLIENT_BAD_REQUEST: wrong(
    "The request was refused",
    "The connection broke the rules of the protocol.",
    `Load the page again. ${TELL_ADMIN}`,
    true,
  ),
  CLIENT_UNAUTHORIZED: wrong(
    "Sign-in at the target failed",
    "The target did not accept the stored credential, or the ticket was used or expired.",
    "Try once more. An administrator can set the credential of the target again.",
    false,
  ),
  CLIENT_FORBIDDEN: wrong(
    "Not allowed",
    "You may not open this target, or the target does not let this account in.",
    "Ask an administrator for access.",
    false,
  ),
  CLIENT_TIMEOUT: wrong(
    "Your browser was silent for too long",
    "The gateway heard nothing from this browser: the network broke, or the computer slept.",
    AGAIN,
    true,
  ),
  CLIENT_OVERRUN: wrong(
    "Too much at once",
    "This browser sent more than the gateway takes.",
    "Open the target again; send large texts in parts.",
    true,
  ),
  CLIENT_BAD_TYPE: wrong("Unsupported content", "This kind of data is not accepted.", AGAIN, false),
  CLIENT_TOO_MANY: wrong(
    "Too many sessions",
    "The number of sessions at the same time is limited.",
    "End another session first, then try again.",
    false,
  ),
};

/** Close reasons of the gateway: a closed list. They say more than a status and win over it. */
export const CLOSE_REASON_ENDINGS: Record<CloseReason, Ending> = {
  operator_left: orderly("Session ended", "You disconnected.", "The recording is kept."),
  target_left: orderly(
    "The target ended the session",
    "You were signed out there, or the machine closed the connection.",
    AGAIN,
  ),
  target_unreachable: STATUS_ENDINGS.UPSTREAM_NOT_FOUND,
  target_error: STATUS_ENDINGS.UPSTREAM_ERROR,
  target_unknown: wrong(
    "The target's name is unknown",
    "The gateway cannot resolve the host name of the target.",
    "An administrator can correct the host of the target, or its name server.",
    false,
  ),
  target_port_closed: wrong(
    "Nothing listens at the target",
    "The machine answers, but refuses connections to the port of the target.",
    "The service there may be off or still starting. An administrator can check the port of the target.",
    true,
  ),
  target_sign_in_failed: wrong(
    "Sign-in at the target failed",
    "The target answers, but it probably did not accept the stored credential.",
    "An administrator can set the credential of the target again.",
    false,
  ),
  credential_missing: wrong(
    "No credential is stored",
    "The target asks for a password and none is stored.",
    "An administrator can store a credential for the target.",
    false,
  ),
  idle_limit: STATUS_ENDINGS.SESSION_TIMEOUT,
  peer_lost: wrong(
    "Connection lost",
    "The gateway lost contact with this browser.",
    "Check your network, then open the target again.",
    true,
  ),
  protocol_error: STATUS_ENDINGS.CLIENT_BAD_REQUEST,
  recorder_lost: wrong(
    "Stopped: recording failed",
    "The session could no longer be recorded, so it was ended. Nothing goes on here without a recording.",
    "Tell an administrator: the gateway's storage needs attention.",
    false,
  ),
  guacd_lost: wrong(
    "The connection service stopped",
    "A part of the gateway failed; it is being restarted.",
    "Wait a few seconds, then open the target again.",
    true,
  ),
  gateway_stopped: wrong(
    "The gateway is being stopped",
    "It was shut down or restarted by an administrator.",
    "Wait a minute, then open the target again.",
    true,
  ),
  gateway_lost: wrong(
    "The gateway failed",
    "It stopped unexpectedly. What was recorded until then is kept.",
    "Wait a minute, then open the target again.",
    true,
  ),
  terminated: wrong(
    "Ended by a supervisor",
    "Someone responsible for this target ended your session.",
    "Talk to them before you open it again.",
    false,
  ),
};

export function endingOf(status: number, words: string): Ending {
  const reasons = Object.keys(CLOSE_REASON_ENDINGS) as CloseReason[];
  const reason = reasons.find((name) => words.includes(name));
  return reason === undefined ? endingOfStatus(status) : CLOSE_REASON_ENDINGS[reason];
}

function endingOfStatus(status: number): Ending {
  const name = (Object.keys(Status) as (keyof typeof Status)[]).find((key) => Status[key] === status);
  return STATUS_ENDINGS[name ?? "SERVER_ERROR"];
}
