"""Whether a session may be opened and continue, given the state of its recording: no recording, no session.

Pure: the caller measures the facts and acts on the decision.
"""

from dataclasses import dataclass
from enum import StrEnum


class RecordingPolicy(StrEnum):
    """What happens to a session that cannot be recorded: strict ends it, degrade lets it continue with a gap."""

    STRICT = "strict"
    DEGRADE = "degrade"


class Outcome(StrEnum):
    """The decision itself."""

    ALLOW = "allow"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome and the reason for it."""

    outcome: Outcome
    reason: str

    @property
    def allows(self) -> bool:
        """Whether to continue."""
        return self.outcome is Outcome.ALLOW


def may_open(*, free_bytes: int, floor_bytes: int) -> Decision:
    """Whether there is enough space to record another session.

    The floor is kept free so that running sessions can end with everything they recorded, and so that the database on
    the same disk can still record how they ended.
    """
    if free_bytes < floor_bytes:
        return Decision(Outcome.REFUSE, "not enough free disk space to record a session")
    return Decision(Outcome.ALLOW, "there is enough free disk space")


def may_continue(*, free_bytes: int, reserve_bytes: int) -> Decision:
    """Whether a running session may continue to be recorded.

    Recording stops while there is still space, rather than at the first failed write, because a clean end (last chunks,
    the gap, the signed end of the manifest, rows and audit events) needs space on the same disk.
    """
    if free_bytes < reserve_bytes:
        return Decision(Outcome.REFUSE, f"less than {reserve_bytes // 10**6} MB of disk space is free")
    return Decision(Outcome.ALLOW, "there is enough free disk space")
