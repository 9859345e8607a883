"""Queries on the audit trail as a chain: its rows in order, its signed checkpoints and the results of its checks."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import inspect, select as columns_of
from sqlmodel import Session, col, func, insert, select

from gateway.db.models import AuditCheck, AuditCheckpoint, AuditEvent, AuditMention


def head(session: Session) -> tuple[int, str] | None:
    """Return id and hash of the newest event, None if there is none."""
    query = select(AuditEvent.id, AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)
    found = session.exec(query).first()
    return (found[0] or 0, found[1]) if found else None


def head_event_id(session: Session) -> int:
    """Return the id of the newest event, 0 if there is none."""
    return session.exec(select(func.max(AuditEvent.id))).one() or 0


def event_count(session: Session, after_event_id: int = 0) -> int:
    """Count the events after an event, or all of them."""
    query = select(func.count()).select_from(AuditEvent)
    if after_event_id:  # without a condition, SQLite counts in an index, which is a fraction of the table
        query = query.where(col(AuditEvent.id) > after_event_id)
    return session.exec(query).one()


def rows_after(session: Session, after_event_id: int, limit: int) -> list[dict[str, Any]]:
    """Return events as plain columns by name, in order: building objects takes longer than checking a hash."""
    columns = inspect(AuditEvent).local_table.c
    query = columns_of(*columns).where(columns.id > after_event_id).order_by(columns.id).limit(limit)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def add_mentions(session: Session, event_id: int | None, recording_ids: Iterable[str]) -> None:
    """Index the recordings that an event concerns besides its subject."""
    rows = [{"recording_id": recording_id, "event_id": event_id} for recording_id in recording_ids]
    if rows:
        session.connection().execute(insert(AuditMention), rows)


def newest_checkpoint(session: Session) -> AuditCheckpoint | None:
    """Return the checkpoint of the latest event, None if there is none."""
    return session.exec(select(AuditCheckpoint).order_by(col(AuditCheckpoint.event_id).desc()).limit(1)).first()


def checkpoints_after(
    session: Session, after_event_id: int, last_event_id: int, limit: int
) -> Sequence[AuditCheckpoint]:
    """Return the next checkpoints after an event, up to and including `last_event_id`, in order."""
    query = select(AuditCheckpoint).where(
        AuditCheckpoint.event_id > after_event_id, AuditCheckpoint.event_id <= last_event_id
    )
    return session.exec(query.order_by(col(AuditCheckpoint.event_id)).limit(limit)).all()


def newest_check(session: Session, *, is_whole: bool = False) -> AuditCheck | None:
    """Return the newest check's result; `is_whole`: of those that started at the first event."""
    query = select(AuditCheck).order_by(col(AuditCheck.at).desc()).limit(1)
    if is_whole:
        query = query.where(AuditCheck.after_event_id == 0)
    return session.exec(query).first()
