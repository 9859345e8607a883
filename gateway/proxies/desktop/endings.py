"""Endings that only desktops have: guacd's `error`, `required` and `disconnect` as endings, and breaches of the protocol.

Source: Guacamole manual, "Status codes".
"""

from dataclasses import replace
from typing import Final

from gateway.core.desktop.guac.instruction import Instruction
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.session import CloseReason
from gateway.sessions.endings import TARGET_LEFT, Ending
from gateway.targets.reach import Reach

NOT_OPENED: Final = Ending(CloseReason.TARGET_UNREACHABLE, "the target cannot be reached")
GUACD_LOST: Final = Ending(CloseReason.GUACD_LOST, "guacd is gone or does not answer")
BAD_INPUT: Final = Ending(CloseReason.PROTOCOL_ERROR, "the browser broke the protocol")
FLOODED: Final = Ending(CloseReason.PROTOCOL_ERROR, "the browser sent more instructions than any person's input needs")
BAD_OUTPUT: Final = Ending(CloseReason.PROTOCOL_ERROR, "guacd broke the protocol")

# What guacd says when the target is not there at all, rather than refusing or failing.
_UNREACHABLE: Final = frozenset(
    {GuacStatus.UPSTREAM_TIMEOUT, GuacStatus.UPSTREAM_NOT_FOUND, GuacStatus.UPSTREAM_UNAVAILABLE}
)
_LEFT: Final = frozenset(
    {
        GuacStatus.RESOURCE_CLOSED,
        GuacStatus.SESSION_CONFLICT,
        GuacStatus.SESSION_TIMEOUT,
        GuacStatus.SESSION_CLOSED,
    }
)
_MISSING: Final = {"password": "a password", "username": "a user name", "domain": "a domain"}
_BY_REACH: Final = {
    Reach.NAME_UNKNOWN: (CloseReason.TARGET_UNKNOWN, "the target's name cannot be resolved"),
    Reach.REFUSED: (CloseReason.TARGET_PORT_CLOSED, "nothing listens at the target's port"),
    Reach.SILENT: (CloseReason.TARGET_UNREACHABLE, "the target does not answer at its port"),
}
_FAILURES_TO_OPEN: Final = frozenset(
    {CloseReason.TARGET_UNREACHABLE, CloseReason.TARGET_ERROR, CloseReason.TARGET_SIGN_IN_FAILED}
)


def from_error(error: Instruction) -> Ending:
    """Return the ending that guacd's `error,MESSAGE,STATUS` announces. The message is the target's: it is not repeated."""
    try:
        status = GuacStatus(int(error.args[1]))
    except (IndexError, ValueError):
        status = GuacStatus.UPSTREAM_ERROR
    if status in _UNREACHABLE:
        return NOT_OPENED
    if status in _LEFT:
        return replace(TARGET_LEFT, is_shown=False)
    if status is GuacStatus.CLIENT_UNAUTHORIZED:
        return Ending(CloseReason.TARGET_SIGN_IN_FAILED, "the target did not accept the stored credential")
    return Ending(CloseReason.TARGET_ERROR, "the target reported an error")


def from_required(required: Instruction) -> Ending:
    """Return the ending for guacd's `required,NAME,...`: it waits for credentials that nobody here can give."""
    named = [_MISSING[name] for name in required.args if name in _MISSING] or ["a credential"]
    return Ending(CloseReason.CREDENTIAL_MISSING, f"the target asks for {' and '.join(named)} and none is stored")


def is_failure_to_open(ending: Ending) -> bool:
    """Whether guacd leaves open if the target is there at all."""
    return ending.reason in _FAILURES_TO_OPEN


def explained(ending: Ending, reach: Reach, protocol: str) -> Ending:
    """Return a failure to open, with what was found at the target's address.

    guacd says "not found" for a VNC target that does not accept the password, and "unauthorized" for RDP hosts that do not
    exist (seen with guacd 1.3.0).
    """
    if reach is not Reach.ANSWERS:
        reason, text = _BY_REACH[reach]
        return replace(ending, reason=reason, text=text)
    if protocol == "vnc" or ending.reason is CloseReason.TARGET_SIGN_IN_FAILED:
        text = "the target answers; it probably did not accept the stored credential"
        return replace(ending, reason=CloseReason.TARGET_SIGN_IN_FAILED, text=text)
    return replace(ending, reason=CloseReason.TARGET_ERROR, text="the target answers, but the connection failed")
