"""Queries on what is stored where. What waits for the archive is in `gateway.db.repositories.backlog`."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import UNFINISHED, TaskKind, WorkState
from gateway.db.models import ArchiveObject, Recording, Task


@dataclass(frozen=True)
class Held:
    """How many recordings, and how many bytes."""

    recording_count: int
    size_bytes: int


def hot_count(session: Session) -> int:
    """Recordings on hot storage."""
    query = select(func.count()).select_from(Recording)
    return session.exec(query.where(Recording.tier == Tier.HOT, Recording.state != RecordingState.PURGED)).one()


def archived(session: Session) -> Held:
    """What has verified copies in the archive."""
    query = select(func.count(func.distinct(ArchiveObject.recording_id)), func.sum(ArchiveObject.size_bytes))
    count, size = session.exec(query).one()
    return Held(count, int(size or 0))


def last_reconcile(session: Session) -> Task | None:
    """The run that ended last."""
    ended = (WorkState.DONE, WorkState.FAILED)
    query = select(Task).where(Task.kind == TaskKind.RECONCILE, col(Task.state).in_(ended))
    return session.exec(query.order_by(col(Task.finished_at).desc()).limit(1)).first()


def running_reconcile(session: Session) -> Task | None:
    """A run that is asked for and not done."""
    query = select(Task).where(Task.kind == TaskKind.RECONCILE, col(Task.state).in_(UNFINISHED))
    return session.exec(query.order_by(col(Task.requested_at)).limit(1)).first()
