"""Queries on leases, the same for stages and tasks: what is due, who holds it, and giving it back."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select, update

from gateway.core.work import UNFINISHED, WorkState
from gateway.db.models import Stage, Task
from gateway.db.models.leased import Leased

LEASED: tuple[type[Stage], type[Task]] = (Stage, Task)
Row = TypeVar("Row", bound=Leased)


def is_due(row: Leased, now: datetime) -> bool:
    """Whether it can be taken now: it waits and its time has come, or the lease of its worker has run out."""
    if row.state not in UNFINISHED:
        return False
    due_at = row.lease_until_at if row.state is WorkState.RUNNING else row.not_before_at
    return due_at is None or due_at <= now


def due(model: type[Leased], now: datetime) -> ColumnElement[bool]:
    """Return `is_due` as a condition for the database."""
    return or_(
        and_(
            col(model.state) == WorkState.PENDING,
            or_(col(model.not_before_at).is_(None), col(model.not_before_at) <= now),
        ),
        and_(
            col(model.state) == WorkState.RUNNING,
            or_(col(model.lease_until_at).is_(None), col(model.lease_until_at) <= now),
        ),
    )


def is_held(row: Leased, owner: str) -> bool:
    """Whether it is running and `owner` holds its lease."""
    return row.state is WorkState.RUNNING and row.lease_owner == owner


def renew(session: Session, model: type[Leased], row_id: str, owner: str, until: datetime, progress: float) -> bool:
    """Extend the lease and store the progress (0..1); False if another owner has it."""
    return _change(session, model, row_id, owner, lease_until_at=until, progress=progress)


def release(session: Session, model: type[Leased], row_id: str, owner: str) -> bool:
    """Return work to its place in the queue because its owner is gone; False if another owner has it."""
    return _change(session, model, row_id, owner, state=WorkState.PENDING, lease_until_at=None, lease_owner=None)


def give_back(session: Session, model: type[Leased], row_id: str, owner: str) -> bool:
    """Return interrupted work to the queue as if it had not been started."""
    counted = col(model.attempt_count) - 1
    waiting = {"state": WorkState.PENDING, "progress": 0.0, "attempt_count": counted}
    return _change(session, model, row_id, owner, **waiting, lease_until_at=None, lease_owner=None)


def running(session: Session, model: type[Row]) -> list[Row]:
    """Return everything that is running."""
    return list(session.exec(select(model).where(col(model.state) == WorkState.RUNNING)))


def _change(session: Session, model: type[Leased], row_id: str, owner: str, **values: object) -> bool:
    changed = session.connection().execute(
        update(model)
        .where(col(model.id) == row_id, col(model.lease_owner) == owner, col(model.state) == WorkState.RUNNING)
        .values(**values)
    )
    return changed.rowcount == 1
