"""What waits for the archive. Callers: the System page, the metrics."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import Session, col, func, select

from gateway.core.jobs import StageName, WorkState
from gateway.core.recording.states import RecordingState
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment, Stage


@dataclass(frozen=True)
class ArchiveBacklog:
    """Recordings whose tier stage is not done, and bytes of theirs that have no archived copy.

    `oldest_at` is since when the one that waits longest is sealed; `last_error` why archiving last failed.
    """

    recording_count: int
    failed_count: int
    size_bytes: int
    oldest_at: datetime | None
    last_error: str | None


def archive_backlog(session: Session) -> ArchiveBacklog:
    """Counted at the moment it is asked for: a few queries over what waits."""
    count, oldest_at = session.exec(
        select(func.count(), func.min(Recording.sealed_at)).where(_waits(col(Recording.id)), _is_sealed())
    ).one()
    failed = session.exec(
        select(func.count()).where(Stage.name == StageName.TIER, Stage.state == WorkState.FAILED)
    ).one()
    return ArchiveBacklog(
        recording_count=count,
        failed_count=failed,
        size_bytes=sum(_waiting_bytes(session, model) for model in (Segment, Rendition)),
        oldest_at=oldest_at,
        last_error=_last_error(session),
    )


def _waits(recording_id: Any) -> ColumnElement[bool]:
    return exists().where(
        col(Stage.recording_id) == recording_id, col(Stage.name) == StageName.TIER, col(Stage.state) != WorkState.DONE
    )


def _is_sealed() -> ColumnElement[bool]:
    """Before, there is nothing that could be archived."""
    return col(Recording.state).in_([RecordingState.SEALED, RecordingState.ARCHIVED])


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
