"""Queries on the verified copies in the archive, across recordings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, func, select

from gateway.core.reconcile import IN_ARCHIVE
from gateway.core.recording.states import RecordingState
from gateway.db.models import ArchiveObject, Discrepancy, Recording
from gateway.db.repositories import discrepancies


def oldest_verified_at(session: Session) -> datetime | None:
    """Return when the copy that was verified longest ago was verified, None if there are no copies."""
    return session.exec(select(func.min(ArchiveObject.verified_at))).one()


def sound_count(session: Session) -> int:
    """Count the copies without known damage of recordings that are not purged."""
    return session.exec(select(func.count()).select_from(ArchiveObject).where(*_sound())).one()


def least_recently_verified(session: Session, limit: int) -> Sequence[ArchiveObject]:
    """Return copies without known damage of recordings that are not purged, verified longest ago first."""
    query = select(ArchiveObject).where(*_sound())
    return session.exec(query.order_by(col(ArchiveObject.verified_at), col(ArchiveObject.id)).limit(limit)).all()


def _sound() -> tuple[Any, Any]:
    kept = select(Recording.id).where(col(Recording.state) != RecordingState.PURGED)
    damaged = exists().where(
        col(Discrepancy.recording_id) == ArchiveObject.recording_id,
        col(Discrepancy.name) == ArchiveObject.name,
        col(Discrepancy.kind).in_(IN_ARCHIVE),
        *discrepancies.OPEN,
    )
    return col(ArchiveObject.recording_id).in_(kept), ~damaged
