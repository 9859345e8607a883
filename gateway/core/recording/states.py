"""States of a recording and where its bytes are."""

from enum import StrEnum

from gateway.core.errors import ConflictError


class RecordingState(StrEnum):
    """open: being written; sealed: complete, nothing is appended; archived: a verified copy is in the archive."""

    OPEN = "open"
    SEALED = "sealed"
    ARCHIVED = "archived"
    PURGED = "purged"
    BROKEN = "broken"


class RecordingSource(StrEnum):
    """live: recorded by this gateway; imported: from another Guacamole installation."""

    LIVE = "live"
    IMPORTED = "imported"


class Tier(StrEnum):
    """Where the bytes are read from."""

    HOT = "hot"
    ARCHIVE = "archive"


class GapCause(StrEnum):
    """Why an interval is known not to be recorded."""

    GATEWAY_LOST = "gateway_lost"
    RECORDER_LOST = "recorder_lost"
    TORN_TAIL = "torn_tail"
    SEGMENT_DAMAGED = "segment_damaged"
    DISK_FULL = "disk_full"
    DISK_STALLED = "disk_stalled"
    DISK_FAILED = "disk_failed"


class SpanSource(StrEnum):
    """Where a span's text came from."""

    SCREEN = "screen"
    KEYS = "keys"
    CLIPBOARD = "clipboard"
    FILE = "file"


_NEXT: dict[RecordingState, frozenset[RecordingState]] = {
    RecordingState.OPEN: frozenset({RecordingState.SEALED, RecordingState.BROKEN}),
    RecordingState.SEALED: frozenset({RecordingState.ARCHIVED, RecordingState.BROKEN, RecordingState.PURGED}),
    RecordingState.ARCHIVED: frozenset({RecordingState.BROKEN, RecordingState.PURGED}),
    RecordingState.BROKEN: frozenset({RecordingState.SEALED, RecordingState.PURGED}),
    RecordingState.PURGED: frozenset(),
}


def advance(current: RecordingState, new: RecordingState) -> RecordingState:
    """Return the new state. Raises ConflictError if the step is not allowed."""
    if new not in _NEXT[current]:
        raise ConflictError(f"a recording cannot go from {current} to {new}")
    return new
