"""Which recordings the user may search. Part of every index query, so that nothing else is ever counted or read.

The API makes one from the user's role; the command line, whose user owns the data folder, searches everything.
"""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col

from gateway.core.policy.access import Action, Role, allows
from gateway.db.models import Recording


@dataclass(frozen=True)
class Scope:
    """Recordings of these targets; of all targets if `target_ids` is None. `recording_id` narrows it to one."""

    target_ids: frozenset[str] | None = frozenset()
    recording_id: str | None = None

    @classmethod
    def everything(cls, recording_id: str | None = None) -> Self:
        """Return all recordings, or the given one."""
        return cls(None, recording_id)

    @classmethod
    def of_role(cls, role: Role, recording_id: str | None = None) -> Self:
        """Return what a role may search: so far all or nothing."""
        return cls(None if allows(role, Action.RECORDING_SEARCH) else frozenset(), recording_id)

    @property
    def is_unlimited(self) -> bool:
        """Whether it admits every recording."""
        return self.target_ids is None and self.recording_id is None

    def condition(self) -> ColumnElement[bool]:
        """Return the scope as a condition on `recordings`."""
        allowed = true() if self.target_ids is None else col(Recording.target_id).in_(self.target_ids)
        if self.target_ids is not None and not self.target_ids:
            return false()
        return allowed if self.recording_id is None else allowed & (col(Recording.id) == self.recording_id)
