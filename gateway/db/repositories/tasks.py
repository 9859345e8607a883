"""Queries on tasks. What is due, and in which order, is in `gateway.db.repositories.queue`."""

from sqlmodel import Session, col, select

from gateway.core.errors import NotFoundError
from gateway.core.work import UNFINISHED, TaskKind
from gateway.db.models import Task


def get(session: Session, task_id: str, *, lock: bool = False) -> Task:
    """Return the task; `lock` keeps it from other writers to the end of the transaction. Raises NotFoundError."""
    query = select(Task).where(Task.id == task_id)
    task = session.exec(query.with_for_update() if lock else query).one_or_none()
    if task is None:
        raise NotFoundError(f"there is no task {task_id}")
    return task


def unfinished(session: Session, kind: TaskKind, recording_id: str | None) -> Task | None:
    """Return the oldest unfinished task of this kind on this recording, or None."""
    query = (
        select(Task)
        .where(Task.kind == kind, Task.recording_id == recording_id, col(Task.state).in_(UNFINISHED))
        .order_by(col(Task.requested_at))
    )
    return session.exec(query).first()


def newest(session: Session, kind: TaskKind, recording_id: str | None) -> Task | None:
    """Return the newest task of this kind on this recording, or None."""
    query = (
        select(Task).where(Task.kind == kind, Task.recording_id == recording_id).order_by(col(Task.requested_at).desc())
    )
    return session.exec(query).first()
