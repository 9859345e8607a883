"""Queries on what should have happened by now: a signed checkpoint, the recovery of a lost gateway, sealing."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from gateway.core.recording.states import RecordingSource
from gateway.core.work import UNFINISHED, StageName
from gateway.db.models import AuditCheckpoint, AuditEvent, Recording, Stage
from gateway.db.repositories import sessions


def unsigned_since(session: Session) -> datetime | None:
    """Return when the oldest audit event without a signed checkpoint was written, or None."""
    signed = session.exec(select(func.max(AuditCheckpoint.event_id))).one() or 0
    query = select(AuditEvent.at).where(col(AuditEvent.id) > signed).order_by(col(AuditEvent.id)).limit(1)
    return session.exec(query).first()


def lost_since(session: Session, silent_since: datetime) -> datetime | None:
    """Return the last heartbeat of a lost gateway that still has open sessions, the earliest of several, or None."""
    return min((node.heartbeat_at for node in sessions.lost_gateways(session, silent_since)), default=None)


def unsealed_since(session: Session) -> tuple[int, datetime | None]:
    """Count the recordings of ended sessions that wait to be sealed; return also when the first of them ended."""
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
