"""Which recordings the asker may search. Part of every query on the index, so that nothing else is ever counted or read.

Callers: `gateway.api.search` makes one of the signed-in user's role; the command line, whose user owns the data folder,
takes everything.
"""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col

from gateway.core.policy.access import Action, Role, allows
from gateway.db.models import Recording


@dataclass(frozen=True)
class Scope:
    """Recordings of these targets; of all targets where `target_ids` is None. `recording_id` narrows it to one."""

    target_ids: frozenset[str] | None = frozenset()
    recording_id: str | None = None

    @classmethod
    def everything(cls, recording_id: str | None = None) -> Self:
        """All recordings, or the one."""
        return cls(None, recording_id)

    @classmethod
    def of_role(cls, role: Role, recording_id: str | None = None) -> Self:
        """What a role may search: all or nothing, so far."""
        return cls(None if allows(role, Action.RECORDING_SEARCH) else frozenset(), recording_id)

    @property
    def is_unlimited(self) -> bool:
        """Whether it lets every recording through."""
        return self.target_ids is None and self.recording_id is None

    def condition(self) -> ColumnElement[bool]:
        """The scope as a condition on `recordings`."""
        allowed = true() if self.target_ids is None else col(Recording.target_id).in_(self.target_ids)
        if self.target_ids is not None and not self.target_ids:
            return false()
        return allowed if self.recording_id is None else allowed & (col(Recording.id) == self.recording_id)
