"""Sessions: one user on one target, from open to close, with a fixed list of close reasons.

While it runs, others may command it: a fixed list of verbs.
"""

from enum import StrEnum

from gateway.core.errors import ConflictError


class SessionState(StrEnum):
    """The state of a session. See `advance` for the allowed steps."""

    PENDING = "pending"
    ACTIVE = "active"
    CLOSING = "closing"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a session ended. The list is fixed: pages, metrics and auditors rely on it."""

    OPERATOR_LEFT = "operator_left"
    TARGET_LEFT = "target_left"
    TARGET_UNREACHABLE = "target_unreachable"
    TARGET_ERROR = "target_error"
    TARGET_UNKNOWN = "target_unknown"
    TARGET_PORT_CLOSED = "target_port_closed"
    TARGET_SIGN_IN_FAILED = "target_sign_in_failed"
    CREDENTIAL_MISSING = "credential_missing"
    IDLE_LIMIT = "idle_limit"
    PEER_LOST = "peer_lost"
    PROTOCOL_ERROR = "protocol_error"
    RECORDER_LOST = "recorder_lost"
    GUACD_LOST = "guacd_lost"
    GATEWAY_STOPPED = "gateway_stopped"
    GATEWAY_LOST = "gateway_lost"
    TERMINATED = "terminated"
    SIGNED_OUT = "signed_out"
    ACCESS_ENDED = "access_ended"
    TARGET_REMOVED = "target_removed"


class Verb(StrEnum):
    """What a running session can be told from outside."""

    END = "end"
    LOCK = "lock"
    UNLOCK = "unlock"
    MESSAGE = "message"


class CommandState(StrEnum):
    """The state of a command. `missed`: the session had ended before it was carried out."""

    PENDING = "pending"
    DONE = "done"
    MISSED = "missed"


_NEXT: dict[SessionState, frozenset[SessionState]] = {
    SessionState.PENDING: frozenset({SessionState.ACTIVE, SessionState.CLOSED}),
    SessionState.ACTIVE: frozenset({SessionState.CLOSING, SessionState.CLOSED}),
    SessionState.CLOSING: frozenset({SessionState.CLOSED}),
    SessionState.CLOSED: frozenset(),
}


def advance(current: SessionState, new: SessionState) -> SessionState:
    """Return the new state. Raises ConflictError if the step is not allowed."""
    if new not in _NEXT[current]:
        raise ConflictError(f"a session cannot go from {current} to {new}")
    return new
