"""Words for what was found: how a hit fits, how a finding was judged, how far a watch term's run is. Pure.

Callers: the tables, `gateway.search`, the API.
"""

from enum import StrEnum


class Match(StrEnum):
    """How a hit fits. exact: letter by letter, but for case and accents; tolerant: when lookalikes count as the same."""

    EXACT = "exact"
    TOLERANT = "tolerant"


class Verdict(StrEnum):
    """What a person made of a finding; open until somebody has looked."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class BacklogState(StrEnum):
    """A watch term's run over the recordings there were; idle: it was stopped before the end."""

    IDLE = "idle"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = frozenset({BacklogState.QUEUED, BacklogState.RUNNING})
"""The states in which there is something left for a worker to do."""
