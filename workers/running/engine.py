"""Claim, run, publish, fail and give up a piece of leased work: one engine for stages and tasks.

Any process may be killed at any point: its lease runs out, the work runs again, and what it made is published in the
transaction that marks the row done, if at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from sqlmodel import Session

from gateway.core.errors import ReelgateError, UnavailableError
from gateway.core.work import WorkState
from gateway.db.columns import new_id, utc_now
from gateway.db.models.leased import Leased
from gateway.db.repositories import leases
from gateway.telemetry import get_logger
from workers.running.disk_space import as_disk_full
from workers.running.lease import LEASE, Lease, LeaseLostError
from workers.running.scratch import scratch_folder
from workers.running.work import Progress, Publish, WorkerContext

Row = TypeVar("Row", bound=Leased)

# 5, 10, 20, 40 s between five attempts: done within two minutes, so that a person soon sees the error.
MAX_ATTEMPTS: Final = 5
_FIRST_PAUSE: Final = timedelta(seconds=5)
# Unavailable services (an archive that is down) are retried at growing intervals up to this, without end.
_LONGEST_PAUSE: Final = timedelta(minutes=5)

_log = get_logger()


class Outcome(StrEnum):
    """The outcome of an attempt. idle: nothing was due, or another worker has it."""

    IDLE = "idle"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Attempt(Generic[Row]):
    """One run of one row. `run_id` names it in the log, in its lease, and on what it makes."""

    context: WorkerContext
    row: Row
    run_id: str
    scratch: Path
    progress: Progress


@dataclass(frozen=True)
class WorkKind(Generic[Row]):
    """What differs between stages and tasks.

    `noun` begins the log's events. `reload` locks the row and whatever must be locked with it. `give_up` marks the row,
    and what depends on it, as failed. `hopeless` are errors that no further attempt would change.
    """

    noun: str
    model: type[Row]
    hopeless: tuple[type[ReelgateError], ...]
    log_fields: Callable[[Row], dict[str, Any]]
    scratch_root: Callable[[WorkerContext], Path]
    reload: Callable[[Session, Row], Row | None]
    run: Callable[[Attempt[Row]], Publish]
    give_up: Callable[[Session, Row, str], None]

    def event(self, what: str) -> str:
        """The name of an event in the log."""
        return f"{self.noun}.{what}"


def attempt(context: WorkerContext, kind: WorkKind[Row], find: Callable[[Session], Row | None]) -> Outcome:
    """Take the row that `find` locks, if it is due, and run it once."""
    run_id = new_id()
    row = _claim(context, kind, find, run_id)
    if row is None:
        return Outcome.IDLE
    log = _log.bind(**kind.log_fields(row), attempt=row.attempt_count, run_id=run_id)
    started = utc_now()
    log.info(kind.event("started"))
    try:
        _run(context, kind, row, run_id)
    except LeaseLostError:
        log.warning(kind.event("lost"))
        return Outcome.FAILED
    except (KeyboardInterrupt, SystemExit):
        with context.database.write() as session:
            leases.give_back(session, kind.model, row.id, row.lease_owner or "")
        raise
    except Exception as caught:
        error = as_disk_full(caught)
        log.warning(kind.event("failed"), reason=_reason(error), exc_info=not isinstance(error, ReelgateError))
        _note_failure(context, kind, row, error)
        return Outcome.FAILED
    log.info(kind.event("finished"), seconds=round((utc_now() - started).total_seconds(), 3))
    return Outcome.DONE


def fail(row: Leased, error: str) -> None:
    """Mark a row as given up."""
    _end(row, WorkState.FAILED, error)


def _claim(
    context: WorkerContext, kind: WorkKind[Row], find: Callable[[Session], Row | None], run_id: str
) -> Row | None:
    now = utc_now()
    with context.database.write() as session:
        row = find(session)
        if row is None or not leases.is_due(row, now):
            return None
        if row.attempt_count >= MAX_ATTEMPTS:
            kind.give_up(session, row, f"the worker was lost {row.attempt_count} times while at this")
            return None
        row.state, row.error, row.progress = WorkState.RUNNING, None, 0.0
        row.attempt_count += 1
        row.started_at = row.started_at or now
        row.not_before_at = None
        row.lease_owner, row.lease_until_at = _owner(context, run_id), now + LEASE
        session.add(row)
    return row


def _run(context: WorkerContext, kind: WorkKind[Row], row: Row, run_id: str) -> None:
    with scratch_folder(context, kind.scratch_root(context)) as scratch:
        with Lease(context, kind.model, row.id, _owner(context, run_id)) as lease:
            publish = kind.run(Attempt(context, row, run_id, scratch, lease.progress))
        _finish(context, kind, row, publish)


def _finish(context: WorkerContext, kind: WorkKind[Row], row: Row, publish: Publish) -> None:
    """INVARIANT: what was made becomes visible together with its row, and only if the row is still ours."""
    with context.database.write() as session:
        held = _held(session, kind, row)
        if held is None:
            raise LeaseLostError("another worker has taken this work")
        publish(session)
        held.progress = 1.0
        _end(held, WorkState.DONE, None)
        session.add(held)


def _note_failure(context: WorkerContext, kind: WorkKind[Row], row: Row, error: Exception) -> None:
    now = utc_now()
    with context.database.write() as session:
        held = _held(session, kind, row)
        if held is None:
            return
        if isinstance(error, UnavailableError):
            # The work is not at fault: wait as long as it has taken so far, and do not count the attempt.
            held.attempt_count = min(held.attempt_count, 1)
            pause = min(max(now - (held.started_at or now), _FIRST_PAUSE), _LONGEST_PAUSE)
        elif isinstance(error, kind.hopeless) or held.attempt_count >= MAX_ATTEMPTS:
            kind.give_up(session, held, _reason(error))
            return
        else:
            pause = _FIRST_PAUSE * 2 ** (held.attempt_count - 1)
        _pause(held, _reason(error), now + pause)
        session.add(held)


def _held(session: Session, kind: WorkKind[Row], row: Row) -> Row | None:
    """Return the current row, locked; None if another run has taken it."""
    found = kind.reload(session, row)
    return found if found is not None and leases.is_held(found, row.lease_owner or "") else None


def _pause(row: Leased, error: str, until: datetime) -> None:
    row.state, row.error, row.not_before_at = WorkState.PENDING, error, until
    row.lease_owner = row.lease_until_at = None


def _end(row: Leased, state: WorkState, error: str | None) -> None:
    row.state, row.error, row.finished_at = state, error, utc_now()
    row.lease_owner = row.lease_until_at = row.not_before_at = None


def _owner(context: WorkerContext, run_id: str) -> str:
    """Return an owner name that is unique per run, so that threads of one process cannot confuse their leases."""
    return f"{context.owner}#{run_id}"


def _reason(error: Exception) -> str:
    """Return the error text for the row."""
    return str(error) if isinstance(error, ReelgateError) else f"unexpected {type(error).__name__}: {error}"[:500]
