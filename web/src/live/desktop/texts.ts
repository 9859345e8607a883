/** What the live desktop says. */

export interface EndingWords {
  title: string;
  means: string;
  todo: string;
}

const AGAIN = "Open the target again.";
const TELL_ADMIN = "Tell an administrator if it happens again.";

/** What each status code of an error means for who reads it. */
export const STATUS_WORDS = {
  SUCCESS: {
    title: "Session ended",
    means: "The session was closed and its recording is complete.",
    todo: AGAIN,
  },
  UNSUPPORTED: {
    title: "Not supported",
    means: "The target asked for something that this connection cannot do.",
    todo: "An administrator can check the target's protocol and parameters.",
  },
  SERVER_ERROR: {
    title: "Something went wrong at the gateway",
    means: "An internal error ended the session. What was recorded until then is kept.",
    todo: `${AGAIN} ${TELL_ADMIN}`,
  },
  SERVER_BUSY: {
    title: "The gateway is busy",
    means: "It takes no further sessions at the moment.",
    todo: "Wait a minute, then try again.",
  },
  UPSTREAM_TIMEOUT: {
    title: "The target does not answer",
    means: "It, or the network on the way to it, has been silent for too long.",
    todo: "Check your network, then open the target again.",
  },
  UPSTREAM_ERROR: {
    title: "The target reported an error",
    means: "The connection to the target failed, or the target ended it with an error.",
    todo: `${AGAIN} ${TELL_ADMIN}`,
  },
  RESOURCE_NOT_FOUND: {
    title: "Not found",
    means: "What was asked for no longer exists, such as a target that was removed.",
    todo: "Go back to the targets and choose again.",
  },
  RESOURCE_CONFLICT: {
    title: "Already in use",
    means: "The target is held by someone else.",
    todo: "Try again later.",
  },
  RESOURCE_CLOSED: {
    title: "Closed meanwhile",
    means: "What the session needed has been closed.",
    todo: AGAIN,
  },
  UPSTREAM_NOT_FOUND: {
    title: "The target cannot be found",
    means: "It does not answer, or the gateway itself cannot be reached.",
    todo: "Check that the machine is on. An administrator can test the connection to the target.",
  },
  UPSTREAM_UNAVAILABLE: {
    title: "The target refuses connections",
    means: "The machine is there but does not take the connection.",
    todo: "It may be starting up or out of capacity: wait, then try again.",
  },
  SESSION_CONFLICT: {
    title: "Signed in elsewhere",
    means: "Another sign-in with the same account at the target replaced this one.",
    todo: "Agree with whoever else uses the account before you open it again.",
  },
  SESSION_TIMEOUT: {
    title: "Closed for inactivity",
    means: "There was no input for as long as the rules allow.",
    todo: "Open the target again to go on.",
  },
  SESSION_CLOSED: {
    title: "The session was closed",
    means: "The target or the gateway ended the session.",
    todo: AGAIN,
  },
  CLIENT_BAD_REQUEST: {
    title: "The request was refused",
    means: "The connection broke the rules of the protocol.",
    todo: `Load the page again. ${TELL_ADMIN}`,
  },
  CLIENT_UNAUTHORIZED: {
    title: "Sign-in at the target failed",
    means: "The target did not accept the stored credential, or the ticket was used or expired.",
    todo: "Try once more. An administrator can set the credential of the target again.",
  },
  CLIENT_FORBIDDEN: {
    title: "Not allowed",
    means: "You may not open this target, or the target does not let this account in.",
    todo: "Ask an administrator for access.",
  },
  CLIENT_TIMEOUT: {
    title: "Your browser was silent for too long",
    means: "The gateway heard nothing from this browser: the network broke, or the computer slept.",
    todo: AGAIN,
  },
  CLIENT_OVERRUN: {
    title: "Too much at once",
    means: "This browser sent more than the gateway takes.",
    todo: "Open the target again; send large texts in parts.",
  },
  CLIENT_BAD_TYPE: {
    title: "Unsupported content",
    means: "This kind of data is not accepted.",
    todo: AGAIN,
  },
  CLIENT_TOO_MANY: {
    title: "Too many sessions",
    means: "The number of sessions at the same time is limited.",
    todo: "End another session first, then try again.",
  },
} satisfies Record<string, EndingWords>;

/** Close reasons of the gateway that say more than a status. */
export const CLOSE_REASON_WORDS = {
  operator_left: {
    title: "Session ended",
    means: "You disconnected.",
    todo: "The recording is kept.",
  },
  target_left: {
    title: "The target ended the session",
    means: "You were signed out there, or the machine closed the connection.",
    todo: AGAIN,
  },
  target_unknown: {
    title: "The target's name is unknown",
    means: "The gateway cannot resolve the host name of the target.",
    todo: "An administrator can correct the host of the target, or its name server.",
  },
  target_port_closed: {
    title: "Nothing listens at the target",
    means: "The machine answers, but refuses connections to the port of the target.",
    todo: "The service there may be off or still starting. An administrator can check the port of the target.",
  },
  target_sign_in_failed: {
    title: "Sign-in at the target failed",
    means: "The target answers, but it probably did not accept the stored credential.",
    todo: "An administrator can set the credential of the target again.",
  },
  credential_missing: {
    title: "No credential is stored",
    means: "The target asks for a password and none is stored.",
    todo: "An administrator can store a credential for the target.",
  },
  peer_lost: {
    title: "Connection lost",
    means: "The gateway lost contact with this browser.",
    todo: "Check your network, then open the target again.",
  },
  recorder_lost: {
    title: "Stopped: recording failed",
    means:
      "The session could no longer be recorded, so it was ended. Nothing goes on here without a recording.",
    todo: "Tell an administrator: the gateway's storage needs attention.",
  },
  guacd_lost: {
    title: "The connection service stopped",
    means: "A part of the gateway failed; it is being restarted.",
    todo: "Wait a few seconds, then open the target again.",
  },
  gateway_stopped: {
    title: "The gateway is being stopped",
    means: "It was shut down or restarted by an administrator.",
    todo: "Wait a minute, then open the target again.",
  },
  gateway_lost: {
    title: "The gateway failed",
    means: "It stopped unexpectedly. What was recorded until then is kept.",
    todo: "Wait a minute, then open the target again.",
  },
  terminated: {
    title: "Ended by a supervisor",
    means: "Someone responsible for this target ended your session.",
    todo: "Talk to them before you open it again.",
  },
  signed_out: {
    title: "You signed out",
    means: "Your sessions end with your sign-in.",
    todo: "Sign in again to open the target.",
  },
  access_ended: {
    title: "Your access has ended",
    means: "An administrator changed your account.",
    todo: "Ask an administrator if this is unexpected.",
  },
  target_removed: {
    title: "The target was removed",
    means: "An administrator removed it while you were connected.",
    todo: "Ask an administrator if this is unexpected.",
  },
} satisfies Record<string, EndingWords>;

export const TEXTS = {
  inputIsLocked: (author: string) => `${author} locked your input`,
  nothingReachesTheTarget: "Nothing you type or click reaches the target.",
  messageFrom: (author: string) => `Message from ${author}`,
  understood: "Understood",
  andOthers: " and others",
  targetsClipboardTakesOnly: (encoding: string, lost: string, more: string) =>
    `The target's clipboard takes ${encoding} only. Arriving as "?": ${lost}${more}`,
  cutAfter: (most: number, lost: number, all: number) =>
    `Cut after ${most} KiB: the last ${lost} of ${all} bytes do not arrive. Send it in parts.`,
  clipboard: "Clipboard",
  clipboardTextThatPasses:
    "Clipboard text that passes through the session is part of its recording. Nothing is kept in this browser.",
  thisTargetTakesNo: "This target takes no clipboard text from this computer.",
  toTarget: "To the target",
  pasteOrTypeHere: "Paste or type here, send, then paste at the target.",
  browserDoesNotAllow: "The browser does not allow reading the clipboard. Paste here instead.",
  browserAsksWhetherThis: "The browser asks whether this page may read the clipboard. Answer it there.",
  fromThisComputer: "From this computer",
  sendToTarget: "Send to target",
  thisTargetGivesNo: "This target gives no clipboard text to this computer.",
  fromTarget: "From the target",
  nothingHasArrivedCopy:
    "Nothing has arrived. Copy something at the target; some VNC servers never send their clipboard.",
  lastCopiedAtTarget: "Last copied at the target.",
  copied: "Copied",
  copy: "Copy",
  typedOnOnScreen: "Typed on the on-screen keyboard",
  englishUs: "English (US)",
  englishUk: "English (UK)",
  german: "German",
  germanSwitzerland: "German (Switzerland)",
  french: "French",
  frenchBelgium: "French (Belgium)",
  frenchSwitzerland: "French (Switzerland)",
  spanish: "Spanish",
  spanishLatinAmerica: "Spanish (Latin America)",
  italian: "Italian",
  portugueseBrazil: "Portuguese (Brazil)",
  swedish: "Swedish",
  danish: "Danish",
  hungarian: "Hungarian",
  turkishQ: "Turkish (Q)",
  japanese: "Japanese",
  unicodeAnyOther: "Unicode (any other)",
  ctrlAltDelete: "Ctrl + Alt + Delete",
  altTab: "Alt + Tab",
  windowsKey: "Windows key",
  escape: "Escape",
  tab: "Tab",
  toolsOf: (name: string) => `Tools of ${name}`,
  actualSize: "Actual size",
  fitToWindow: "Fit to window",
  leaveFullScreen: "Leave full screen",
  fullScreen: "Full screen",
  reconnect: "Reconnect",
  largerTextLessSharp: "Larger text, less sharp (reconnects)",
  sharperTextSmallerReconnects: "Sharper text, smaller (reconnects)",
  keyboardLayoutReconnects: "Keyboard layout (reconnects)",
  sendKeys: "Send keys",
  releaseAllKeys: "Release all keys",
  touchAs: (device: string) => `Touch as ${device}`,
  onScreenKeyboard: "On-screen keyboard",
  gatewaySays: (message: string) => `The gateway says: ${message}.`,
  noticeWithTools: "This session is recorded. Tools",
  dragOrPressLeft:
    "Drag, or press the left and right arrow keys, to move. From the desktop: Ctrl + Alt + Shift.",
  notice: "This session is recorded",
  disconnect: "Disconnect",
  connectionUnstable: "· connection unstable",
  medianRoundTripBetween: "Median round trip between this browser and the gateway",
  milliseconds: (count: number) => `${count} ms`,
  statusCode: (code: string) => `Status 0x${code}`,
  openAgain: "Open again",
  tryAgain: "Try again",
  targets: "Targets",
  recordings: "Recordings",
  leaveThisSession: "Leave this session?",
  leavingThisPageEnds: "Leaving this page ends the session. Its recording is kept.",
  stay: "Stay",
  endSession: "End session",
  thisIsNewDesktop: "This is a new desktop",
  earlierSessionHasEnded:
    "The earlier session has ended, and what was open in it may be gone. This session has its own recording.",
  desktopKeepsItsSize: "The desktop keeps its size",
  targetDoesNotFollow: "The target does not follow this window.",
  reconnectToFit: "Reconnect to fit",
  notAllOfClipboard: "Not all of the clipboard arrives",
  close: "Close",
  target: "Target",
  desktopOf: (name: string) => `Desktop of ${name}`,
  connectionLostReconnecting: "Connection lost, reconnecting",
  opening: (name: string) => `Opening ${name}`,
  newSessionBeginsWith: "A new session begins, with a recording of its own.",
  thisSessionWillBe: "This session will be recorded.",
} as const;
