"""Dates until which recordings are kept, on hot disk and in total, computed from the policies and stored in columns.

Lists show the columns and timers select by them. Irreversible decisions (locking, marking, erasing) are computed from
the policies as they are at that moment, so a column that lags behind a change does no harm.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlmodel import Session

from gateway.core.policy.retention import Dates, Policy, Subject, chosen, dates
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import Recording
from gateway.db.repositories import retention
from gateway.db.repositories.retention import RetainedRecording

# Rows per transaction: milliseconds, so that no new session has to wait.
_BATCH: Final = 500
# The tier stage sets the end of the hot time shortly before its own `finished_at`.
_SAME: Final = timedelta(minutes=1)


def policy_for(session: Session, recording: Recording) -> Policy:
    """Return the retention policy that applies to the recording now."""
    return chosen(retention.in_force(session), _subject(recording))


def set_dates(session: Session, recording: Recording) -> None:
    """Set `retain_until_at` and `purge_after_at` in the caller's write transaction; none while its session is open."""
    found = dates_of(session, recording)
    recording.retain_until_at = found.retain_until_at if found else None
    recording.purge_after_at = found.purge_after_at if found else None
    session.add(recording)


def dates_of(session: Session, recording: Recording) -> Dates | None:
    """Return the dates by the current policies, whatever the row says; None while the recording has no end."""
    ended_at = recording.closed_at or recording.sealed_at
    if ended_at is None:
        if recording.state is RecordingState.OPEN:
            return None
        ended_at = recording.started_at
    return dates(policy_for(session, recording), ended_at)


def lock_until(session: Session, recording: Recording) -> datetime | None:
    """Return until when to lock archived objects; None if the policy locks none, or the time has passed."""
    found = dates_of(session, recording)
    if found is None or found.retain_until_at <= utc_now() or not policy_for(session, recording).object_lock:
        return None
    return found.retain_until_at


def hot_until(session: Session, recording: Recording, tiered_at: datetime, default_days: float) -> datetime:
    """Return until when a hot copy archived at `tiered_at` stays; `default_days` if the policy does not say."""
    return _hot_until(policy_for(session, recording), tiered_at, default_days)


def set_dates_of_all(database: Database, default_hot_days: float) -> int:
    """Update every recording's dates to the policies; return how many changed. Safe to repeat at any time."""
    with database.read() as session:
        moved = changes(session, retention.in_force(session), default_hot_days)
        count = 0
        while batch := list(islice(moved, _BATCH)):
            with database.write() as writing:
                retention.set_dates(writing, {row.id: change for row, change in batch})
            count += len(batch)
    return count


Change = dict[str, datetime | None]


def changes(
    session: Session, policies: Iterable[Policy], default_hot_days: float
) -> Iterator[tuple[RetainedRecording, Change]]:
    """Return recordings whose dates would change under these policies, each with all its new dates."""
    policies = list(policies)
    restored = retention.restored(session)
    cache: dict[Subject, Policy] = {}
    for row in retention.kept(session):
        if row.subject not in cache:
            cache[row.subject] = chosen(policies, row.subject)
        policy = cache[row.subject]
        found = dates(policy, row.ended_at)
        change: Change = {
            "retain_until_at": found.retain_until_at,
            "purge_after_at": found.purge_after_at,
            "hot_until_at": row.hot_until_at if row.id in restored else _moved_hot(row, policy, default_hot_days),
        }
        if change != _as_it_is(row, change):
            yield row, change


def _as_it_is(row: RetainedRecording, change: Mapping[str, Any]) -> Change:
    return {name: getattr(row, name) for name in change}


def _moved_hot(row: RetainedRecording, policy: Policy, default_hot_days: float) -> datetime | None:
    """Return the hot date only of a copy that exists and that nobody restored for a set time."""
    if row.tier is not Tier.HOT or row.hot_until_at is None or row.tiered_at is None:
        return row.hot_until_at
    wanted = _hot_until(policy, row.tiered_at, default_hot_days)
    return row.hot_until_at if abs(wanted - row.hot_until_at) < _SAME else wanted


def _hot_until(policy: Policy, tiered_at: datetime, default_days: float) -> datetime:
    return tiered_at + timedelta(days=default_days if policy.hot_days is None else policy.hot_days)


def _subject(recording: Recording) -> Subject:
    return Subject(recording.target_id, recording.target_group, recording.risk_class)
