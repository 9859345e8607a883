"""How a session can end: an expected outcome is a value, and says the same to database, browser and person.

Callers: the relay and the endpoint. Status codes: Guacamole manual, "Status codes".
"""

from dataclasses import dataclass, replace
from typing import Final

from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.session import CloseReason
from gateway.targets.reach import Reach

# WebSocket close codes (RFC 6455, section 7.4.1). guacamole-common-js takes the Guacamole status from the close reason,
# in decimal, and falls back to these.
_NORMAL: Final = 1000
_PROTOCOL_ERROR: Final = 1002
_POLICY: Final = 1008
_INTERNAL: Final = 1011
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


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a session ended, and what its browser is told. `text` is for a person and holds no secret.

    `is_shown`: the browser has had an instruction that says so, or needs none.
    """

    reason: CloseReason
    status: GuacStatus
    text: str
    is_shown: bool = False

    @property
    def close_code(self) -> int:
        """The WebSocket close code for the status."""
        if self.status is GuacStatus.SUCCESS:
            return _NORMAL
        if self.status is GuacStatus.CLIENT_BAD_REQUEST:
            return _PROTOCOL_ERROR
        return _POLICY if self.status >= GuacStatus.CLIENT_BAD_REQUEST else _INTERNAL

    @property
    def close_reason(self) -> str:
        """The WebSocket close reason: the status in decimal, as guacamole-common-js reads it."""
        return str(int(self.status))

    def instruction(self) -> bytes:
        """The `error` instruction that shows it."""
        return encode("error", self.text, int(self.status))


OPERATOR_LEFT: Final = Ending(CloseReason.OPERATOR_LEFT, GuacStatus.SUCCESS, "the operator left", is_shown=True)
TARGET_LEFT: Final = Ending(CloseReason.TARGET_LEFT, GuacStatus.SUCCESS, "the target ended the session", is_shown=True)
NOT_OPENED: Final = Ending(
    CloseReason.TARGET_UNREACHABLE, GuacStatus.UPSTREAM_NOT_FOUND, "the target cannot be reached"
)
IDLE_LIMIT: Final = Ending(CloseReason.IDLE_LIMIT, GuacStatus.SESSION_TIMEOUT, "closed for lack of input")
PEER_LOST: Final = Ending(CloseReason.PEER_LOST, GuacStatus.CLIENT_TIMEOUT, "the browser does not answer")
GUACD_LOST: Final = Ending(CloseReason.GUACD_LOST, GuacStatus.SERVER_ERROR, "guacd is gone or does not answer")
RECORDER_LOST: Final = Ending(CloseReason.RECORDER_LOST, GuacStatus.SERVER_ERROR, "the session cannot be recorded")
GATEWAY_STOPPED: Final = Ending(CloseReason.GATEWAY_STOPPED, GuacStatus.SESSION_CLOSED, "the gateway is stopping")
GATEWAY_LOST: Final = Ending(CloseReason.GATEWAY_LOST, GuacStatus.SERVER_ERROR, "the gateway failed")
TERMINATED: Final = Ending(
    CloseReason.TERMINATED, GuacStatus.SESSION_CLOSED, "the session was ended by an administrator"
)
BAD_INPUT: Final = Ending(CloseReason.PROTOCOL_ERROR, GuacStatus.CLIENT_BAD_REQUEST, "the browser broke the protocol")
FLOODED: Final = Ending(
    CloseReason.PROTOCOL_ERROR,
    GuacStatus.CLIENT_OVERRUN,
    "the browser sent more instructions than any person's input needs",
)
BAD_OUTPUT: Final = Ending(CloseReason.PROTOCOL_ERROR, GuacStatus.UPSTREAM_ERROR, "guacd broke the protocol")


_MISSING: Final = {"password": "a password", "username": "a user name", "domain": "a domain"}
_BY_REACH: Final = {
    Reach.NAME_UNKNOWN: (CloseReason.TARGET_UNKNOWN, "the target's name cannot be resolved"),
    Reach.REFUSED: (CloseReason.TARGET_PORT_CLOSED, "nothing listens at the target's port"),
    Reach.SILENT: (CloseReason.TARGET_UNREACHABLE, "the target does not answer at its port"),
}


def from_required(required: Instruction) -> Ending:
    """The ending for guacd's `required,NAME,...`: it waits for credentials that nobody here can give."""
    named = [_MISSING[name] for name in required.args if name in _MISSING] or ["a credential"]
    text = f"the target asks for {' and '.join(named)} and none is stored"
    return Ending(CloseReason.CREDENTIAL_MISSING, GuacStatus.CLIENT_UNAUTHORIZED, text)


def is_failure_to_open(ending: Ending) -> bool:
    """Whether guacd's words leave open if the target is there at all."""
    return ending.reason in {CloseReason.TARGET_UNREACHABLE, CloseReason.TARGET_ERROR}


def explained(ending: Ending, reach: Reach, protocol: str) -> Ending:
    """A failure to open, with what was found at the target's address.

    guacd says "not found" for a VNC target that does not accept the password, and "unauthorized" for RDP hosts that do not
    exist (seen with guacd 1.3.0).
    """
    if reach is not Reach.ANSWERS:
        reason, text = _BY_REACH[reach]
        return replace(ending, reason=reason, text=text)
    if protocol == "vnc" or ending.status is GuacStatus.CLIENT_UNAUTHORIZED:
        text = "the target answers; it probably did not accept the stored credential"
        return replace(ending, reason=CloseReason.TARGET_SIGN_IN_FAILED, text=text)
    return replace(ending, reason=CloseReason.TARGET_ERROR, text="the target answers, but the connection failed")


def from_error(error: Instruction) -> Ending:
    """The ending that guacd's `error,MESSAGE,STATUS` announces. The message is the target's: it is not repeated."""
    try:
        status = GuacStatus(int(error.args[1]))
    except (IndexError, ValueError):
        status = GuacStatus.UPSTREAM_ERROR
    if status in _UNREACHABLE:
        return Ending(CloseReason.TARGET_UNREACHABLE, status, "the target cannot be reached")
    if status in _LEFT:
        return Ending(CloseReason.TARGET_LEFT, status, "the target ended the session")
    return Ending(CloseReason.TARGET_ERROR, status, "the target reported an error")
