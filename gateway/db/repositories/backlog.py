"""What waits for the archive: one number for the Storage page, the System page and Prometheus."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from gateway.core.recording.states import RecordingState
from gateway.core.work import StageName, WorkState
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment, Stage


@dataclass(frozen=True)
class ArchiveBacklog:
    """Sealed recordings whose tier stage is not done, and their bytes without an archived copy.

    `failed_count` of them were given up; `oldest_at` is when the one that waits longest was sealed; `last_error` says why
    archiving failed last.
    """

    recording_count: int
    failed_count: int
    size_bytes: int
    oldest_at: datetime | None
    last_error: str | None


def archive_backlog(session: Session) -> ArchiveBacklog:
    """Count what waits now, in a few queries."""
    waits = _waits(col(Recording.id))
    count, oldest_at = session.exec(select(func.count(), func.min(Recording.sealed_at)).where(waits)).one()
    gave_up = _waits(col(Recording.id), col(Stage.state) == WorkState.FAILED)
    failed = session.exec(select(func.count()).select_from(Recording).where(gave_up)).one()
    return ArchiveBacklog(
        recording_count=count,
        failed_count=failed,
        size_bytes=sum(_waiting_bytes(session, model) for model in (Segment, Rendition)),
        oldest_at=oldest_at,
        last_error=_last_error(session),
    )


def _waits(recording_id: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Only sealed recordings wait: before there is nothing to archive, and of purged ones nothing is left."""
    sealed = aliased(Recording)
    return exists().where(
        col(Stage.recording_id) == recording_id,
        col(Stage.name) == StageName.TIER,
        col(Stage.state) != WorkState.DONE,
        col(sealed.id) == recording_id,
        col(sealed.state).in_([RecordingState.SEALED, RecordingState.ARCHIVED]),
        *more,
    )


def _waiting_bytes(session: Session, model: type[Segment] | type[Rendition]) -> int:
    copied = exists().where(
        and_(col(ArchiveObject.recording_id) == model.recording_id, col(ArchiveObject.name) == model.name)
    )
    query = select(func.coalesce(func.sum(model.size_bytes), 0)).where(_waits(col(model.recording_id)), ~copied)
    return int(session.exec(query).one())


def _last_error(session: Session) -> str | None:
    query = (
        select(Stage.error)
        .where(Stage.name == StageName.TIER, col(Stage.error).is_not(None), Stage.state != WorkState.DONE)
        .order_by(func.coalesce(Stage.not_before_at, Stage.finished_at).desc())
        .limit(1)
    )
    return session.exec(query).first()
