"""Preview of a change to the retention policies, before it is saved.

Given the policies as they would be, returns which recordings' dates move, which of them could then be purged, and the
conflicts. Changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from gateway.core.policy.retention import Policy
from gateway.db.repositories import retention
from gateway.db.repositories.retention import RetainedRecording
from gateway.retention.dates import Change, changes

# People want to know today what will be marked within a month.
SOON: Final = timedelta(days=30)
_EXAMPLES: Final = 5


@dataclass(frozen=True)
class Example:
    """One recording and the change of the date in question: a time (UTC), or None for never."""

    recording: RetainedRecording
    before: datetime | None
    after: datetime | None


@dataclass
class Affected:
    """How many recordings, the size of their originals in bytes, and the first few of them."""

    count: int = 0
    size_bytes: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, row: RetainedRecording, before: datetime | None, after: datetime | None) -> None:
        """Add one recording."""
        self.count += 1
        self.size_bytes += row.size_bytes or 0
        if len(self.examples) < _EXAMPLES:
            self.examples.append(Example(row, before, after))


@dataclass
class Effect:
    """`moved`: any date; `due_now`, `due_soon`: newly marked for purge; `leaving_hot`: hot copies removed now.

    Conflicts: `held` would be due but for a hold; `locked` is locked for longer than it would be kept; `shorter` was
    promised to be kept for longer.
    """

    moved: Affected = field(default_factory=Affected)
    due_now: Affected = field(default_factory=Affected)
    due_soon: Affected = field(default_factory=Affected)
    leaving_hot: Affected = field(default_factory=Affected)
    held: Affected = field(default_factory=Affected)
    locked: Affected = field(default_factory=Affected)
    shorter: Affected = field(default_factory=Affected)


def effect(session: Session, policies: Sequence[Policy], default_hot_days: float, now: datetime) -> Effect:
    """Return the effect of these policies."""
    found = Effect()
    held, locks = retention.held(session), retention.locks(session)
    for row, change in changes(session, policies, default_hot_days):
        _add(found, row, change, now=now, is_held=row.id in held, locked_until_at=locks.get(row.id))
    return found


def _add(
    found: Effect,
    row: RetainedRecording,
    change: Change,
    *,
    now: datetime,
    is_held: bool,
    locked_until_at: datetime | None,
) -> None:
    retain, purge, hot = change["retain_until_at"], change["purge_after_at"], change["hot_until_at"]
    found.moved.add(row, row.purge_after_at, purge)
    if _newly_before(row.purge_after_at, purge, now + SOON):
        if is_held:
            found.held.add(row, row.purge_after_at, purge)
        elif _newly_before(row.purge_after_at, purge, now):
            found.due_now.add(row, row.purge_after_at, purge)
        else:
            found.due_soon.add(row, row.purge_after_at, purge)
    if locked_until_at is not None and retain is not None and locked_until_at > max(retain, now):
        found.locked.add(row, locked_until_at, retain)
    if is_shorter(row, change, now):
        found.shorter.add(row, row.retain_until_at, retain)
    if _newly_before(row.hot_until_at, hot, now):
        found.leaving_hot.add(row, row.hot_until_at, hot)


def is_shorter(row: RetainedRecording, change: Change, now: datetime) -> bool:
    """Whether it could be purged earlier than promised."""
    before, after = row.retain_until_at, change["retain_until_at"]
    return before is not None and after is not None and before > max(after, now)


def _newly_before(before: datetime | None, after: datetime | None, limit: datetime) -> bool:
    return after is not None and after <= limit and (before is None or before > limit)
