"""How a browser is told why a session ended or was refused: Guacamole status, `error` instruction, WebSocket close code.

guacamole-common-js takes the status from the reason of the closing frame, in decimal, and falls back to the close code
(RFC 6455, section 7.4.1). Statuses: Guacamole manual, "Status codes".
"""

from collections.abc import Mapping
from typing import Final

from gateway.core.desktop.guac.instruction import encode
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.session import CloseReason
from gateway.proxies.desktop import endings
from gateway.sessions.endings import Ending
from gateway.sessions.opening import RefusalCause

_NORMAL: Final = 1000
_PROTOCOL_ERROR: Final = 1002
_POLICY: Final = 1008
_INTERNAL: Final = 1011

BY_REASON: Final[Mapping[CloseReason, GuacStatus]] = {
    CloseReason.OPERATOR_LEFT: GuacStatus.SUCCESS,
    CloseReason.TARGET_LEFT: GuacStatus.SUCCESS,
    CloseReason.TARGET_UNREACHABLE: GuacStatus.UPSTREAM_NOT_FOUND,
    CloseReason.TARGET_ERROR: GuacStatus.UPSTREAM_ERROR,
    CloseReason.TARGET_UNKNOWN: GuacStatus.UPSTREAM_NOT_FOUND,
    CloseReason.TARGET_PORT_CLOSED: GuacStatus.UPSTREAM_NOT_FOUND,
    CloseReason.TARGET_SIGN_IN_FAILED: GuacStatus.CLIENT_UNAUTHORIZED,
    CloseReason.CREDENTIAL_MISSING: GuacStatus.CLIENT_UNAUTHORIZED,
    CloseReason.IDLE_LIMIT: GuacStatus.SESSION_TIMEOUT,
    CloseReason.PEER_LOST: GuacStatus.CLIENT_TIMEOUT,
    CloseReason.PROTOCOL_ERROR: GuacStatus.CLIENT_BAD_REQUEST,
    CloseReason.RECORDER_LOST: GuacStatus.SERVER_ERROR,
    CloseReason.GUACD_LOST: GuacStatus.SERVER_ERROR,
    CloseReason.GATEWAY_STOPPED: GuacStatus.SESSION_CLOSED,
    CloseReason.GATEWAY_LOST: GuacStatus.SERVER_ERROR,
    CloseReason.TERMINATED: GuacStatus.SESSION_CLOSED,
    CloseReason.SIGNED_OUT: GuacStatus.SESSION_CLOSED,
    CloseReason.ACCESS_ENDED: GuacStatus.SESSION_CLOSED,
    CloseReason.TARGET_REMOVED: GuacStatus.SESSION_CLOSED,
}
BY_CAUSE: Final[Mapping[RefusalCause, GuacStatus]] = {
    RefusalCause.ORIGIN: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.SUBPROTOCOL: GuacStatus.CLIENT_BAD_REQUEST,
    RefusalCause.ROLE: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.TICKET_UNKNOWN: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.TICKET_USED: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.TICKET_EXPIRED: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.TICKET_OTHER_USER: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.TICKET_OTHER_ADDRESS: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.TARGET: GuacStatus.RESOURCE_NOT_FOUND,
    RefusalCause.TARGET_ADDRESS: GuacStatus.CLIENT_FORBIDDEN,
    RefusalCause.FREE_SPACE: GuacStatus.SERVER_BUSY,
    RefusalCause.PARAMETERS: GuacStatus.SERVER_ERROR,
    RefusalCause.RECORDER: GuacStatus.SERVER_ERROR,
    RefusalCause.DATABASE: GuacStatus.SERVER_BUSY,
}
# `protocol_error` says who broke the protocol only in its text; the browser is not blamed for guacd.
_IN_PARTICULAR: Final = {
    endings.FLOODED: GuacStatus.CLIENT_OVERRUN,
    endings.BAD_OUTPUT: GuacStatus.UPSTREAM_ERROR,
}


def status_of(ending: Ending) -> GuacStatus:
    """Return the Guacamole status of an ending."""
    return _IN_PARTICULAR.get(ending, BY_REASON[ending.reason])


def error_instruction(ending: Ending) -> bytes:
    """Return the `error` instruction that shows an ending."""
    return encode(Opcode.ERROR, ending.text, int(status_of(ending)))


def close_code(status: GuacStatus) -> int:
    """Return the WebSocket close code for a status."""
    if status is GuacStatus.SUCCESS:
        return _NORMAL
    if status is GuacStatus.CLIENT_BAD_REQUEST:
        return _PROTOCOL_ERROR
    return _POLICY if status >= GuacStatus.CLIENT_BAD_REQUEST else _INTERNAL
