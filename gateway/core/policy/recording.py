"""Whether a session may be opened and go on, seen from its recording: no recording, no session.

Callers: `gateway.sessions.opening`, `gateway.sessions.recorder`. Facts in, decision out; who calls measures the facts and acts.
"""

from dataclasses import dataclass
from enum import StrEnum


class RecordingPolicy(StrEnum):
    """What happens to a session that cannot be recorded: strict ends it, degrade lets it go on with a gap noted."""

    STRICT = "strict"
    DEGRADE = "degrade"


class Outcome(StrEnum):
    """What was decided."""

    ALLOW = "allow"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome and, for a person, why."""

    outcome: Outcome
    reason: str

    @property
    def allows(self) -> bool:
        """Whether to go on."""
        return self.outcome is Outcome.ALLOW


def may_open(*, free_bytes: int, floor_bytes: int) -> Decision:
    """Whether there is room to record one more session.

    The floor is kept free so that sessions which already run can end with all they recorded, and so that the database
    beside them can still write down how.
    """
    if free_bytes < floor_bytes:
        return Decision(Outcome.REFUSE, "not enough free disk space to record a session")
    return Decision(Outcome.ALLOW, "there is room to record")


def may_go_on(*, free_bytes: int, reserve_bytes: int) -> Decision:
    """Whether a session that runs may go on being recorded.

    It stops while there is still room, and not at the first write that fails: what ends it (last chunks, the gap, the
    signed end of its manifest, the rows and the audit events) must be written to the same disk.
    """
    if free_bytes < reserve_bytes:
        return Decision(Outcome.REFUSE, f"less than {reserve_bytes // 2**20} MiB of the disk are free")
    return Decision(Outcome.ALLOW, "there is room to record")
