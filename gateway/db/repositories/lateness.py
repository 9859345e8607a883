"""Queries on what should have happened by now: a signed checkpoint, the recovery of a lost gateway, sealing."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from gateway.core.recording.states import RecordingSource
from gateway.core.work import UNFINISHED, StageName
from gateway.db.models import AuditCheckpoint, AuditEvent, Recording, Stage
from gateway.db.repositories import sessions


def unsigned_since(session: Session) -> datetime | None:
    """When the oldest audit event was written that no signed checkpoint covers, or None."""
    signed = session.exec(select(func.max(AuditCheckpoint.event_id))).one() or 0
    query = select(AuditEvent.at).where(col(AuditEvent.id) > signed).order_by(col(AuditEvent.id)).limit(1)
    return session.exec(query).first()


def lost_since(session: Session, silent_since: datetime) -> datetime | None:
    """When a gateway was heard of last that has been silent since then and whose sessions are still open, or None."""
    return min((node.heartbeat_at for node in sessions.lost_gateways(session, silent_since)), default=None)


def unsealed_since(session: Session) -> tuple[int, datetime | None]:
    """How many recordings of ended sessions wait to be sealed, and when the first of them ended."""
    query = (
        select(func.count(), func.min(Stage.requested_at))
        .join(Recording, col(Recording.id) == col(Stage.recording_id))
        .where(
            Stage.name == StageName.SEAL,
            col(Stage.state).in_(UNFINISHED),
            Recording.source == RecordingSource.LIVE,
        )
    )
    return session.exec(query).one()
