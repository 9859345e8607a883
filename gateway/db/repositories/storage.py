"""Queries on what is stored where. What waits for the archive is in `gateway.db.repositories.backlog`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Subquery, select as columns_of
from sqlmodel import Session, col, func, select

from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import UNFINISHED, TaskKind, WorkState
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment, StorageSample, Task


@dataclass(frozen=True)
class Held:
    """How many recordings, and how many bytes."""

    recording_count: int
    size_bytes: int


class RecordedSizes(NamedTuple):
    """The sizes of one recording by what they are of, as stored; None if it has no such files."""

    target_name: str
    protocol: str
    duration_ms: int
    is_archived: bool
    original_bytes: int
    rendition_bytes: int | None
    archive_bytes: int | None


def recorded_sizes(session: Session, since: datetime, min_ms: int, limit: int) -> list[RecordedSizes]:
    """Return the sizes of sealed recordings that started since then and last at least `min_ms`, newest first."""
    original = _sizes(Segment, Segment.stored_bytes)
    renditions = _sizes(Rendition, Rendition.stored_bytes)
    archived = _sizes(ArchiveObject, ArchiveObject.size_bytes)
    query = (
        columns_of(
            col(Recording.target_name),
            col(Recording.protocol),
            col(Recording.duration_ms),
            col(Recording.state) == RecordingState.ARCHIVED,
            original.c.size_bytes,
            renditions.c.size_bytes,
            archived.c.size_bytes,
        )
        .join(original, original.c.recording_id == Recording.id)
        .outerjoin(renditions, renditions.c.recording_id == Recording.id)
        .outerjoin(archived, archived.c.recording_id == Recording.id)
        .where(
            col(Recording.state).in_([RecordingState.SEALED, RecordingState.ARCHIVED]),
            col(Recording.started_at) > since,
            col(Recording.duration_ms) >= min_ms,
        )
        .order_by(col(Recording.started_at).desc())
        .limit(limit)
    )
    return [RecordedSizes(*row) for row in session.connection().execute(query)]


def samples(session: Session, since: datetime) -> Sequence[StorageSample]:
    """Return the samples taken since then, in order."""
    return session.exec(select(StorageSample).where(StorageSample.at > since).order_by(col(StorageSample.at))).all()


def hot_bytes(session: Session) -> int:
    """Return the bytes of sealed recordings on hot storage, as stored."""
    return sum(_hot_bytes(session, model) for model in (Segment, Rendition))


def hot_count(session: Session) -> int:
    """Count the recordings on hot storage."""
    query = select(func.count()).select_from(Recording)
    return session.exec(query.where(Recording.tier == Tier.HOT, Recording.state != RecordingState.PURGED)).one()


def archived(session: Session) -> Held:
    """Return the number and bytes of what has verified copies in the archive."""
    query = select(func.count(func.distinct(ArchiveObject.recording_id)), func.sum(ArchiveObject.size_bytes))
    count, size = session.exec(query).one()
    return Held(count, int(size or 0))


def last_reconcile(session: Session) -> Task | None:
    """Return the comparison that ended last, None before the first."""
    ended = (WorkState.DONE, WorkState.FAILED)
    query = select(Task).where(Task.kind == TaskKind.RECONCILE, col(Task.state).in_(ended))
    return session.exec(query.order_by(col(Task.finished_at).desc()).limit(1)).first()


def running_reconcile(session: Session) -> Task | None:
    """Return a comparison that was requested and is not done, None if there is none."""
    query = select(Task).where(Task.kind == TaskKind.RECONCILE, col(Task.state).in_(UNFINISHED))
    return session.exec(query.order_by(col(Task.requested_at)).limit(1)).first()


def _hot_bytes(session: Session, model: type[Segment | Rendition]) -> int:
    query = (
        select(func.sum(model.stored_bytes))
        .join(Recording, col(Recording.id) == col(model.recording_id))
        .where(Recording.tier == Tier.HOT, Recording.state != RecordingState.PURGED)
    )
    return int(session.exec(query).one() or 0)


def _sizes(model: type[Segment | Rendition | ArchiveObject], size: Any) -> Subquery:
    """Return a query of the bytes of each recording."""
    recording_id = col(model.recording_id)
    return columns_of(recording_id, func.sum(size).label("size_bytes")).group_by(recording_id).subquery()
