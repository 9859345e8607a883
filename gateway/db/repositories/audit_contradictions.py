"""Queries that compare rows with the audit trail: subjects without a row, states that the trail contradicts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from gateway.core.recording.states import RecordingState
from gateway.db.models import AccessSession, AuditEvent, Recording


class LastEvent(NamedTuple):
    """The newest event about a subject."""

    subject_id: str
    tag: str
    at: datetime


def subject_count(session: Session, tags: Collection[str]) -> int:
    """Count the subjects of events with these tags."""
    query = select(func.count(func.distinct(AuditEvent.subject_id))).where(col(AuditEvent.tag).in_(tags))
    return session.exec(query).one()


def recordings_without_row(session: Session, tags: Collection[str]) -> list[LastEvent]:
    """Return recordings that have events with these tags but no row, each with the newest such event."""
    return _without_row(session, tags, select(Recording.id))


def sessions_without_row(session: Session, tag: str) -> list[LastEvent]:
    """Return sessions that have events with this tag but no row, each with the newest such event."""
    return _without_row(session, [tag], select(AccessSession.id))


def events_without_recording(session: Session, tag: str) -> list[AuditEvent]:
    """Return the events with this tag about recordings that have no row."""
    query = select(AuditEvent).where(AuditEvent.tag == tag, col(AuditEvent.subject_id).not_in(select(Recording.id)))
    return list(session.exec(query))


def open_despite(session: Session, tag: str) -> list[str]:
    """Return ids of recordings whose row says open although there is an event with this tag."""
    return list(
        session.exec(
            select(Recording.id).where(Recording.state == RecordingState.OPEN, col(Recording.id).in_(_subjects(tag)))
        )
    )


def purged_without(session: Session, tag: str) -> list[str]:
    """Return ids of recordings whose row says purged although there is no event with this tag."""
    query = select(Recording.id).where(
        Recording.state == RecordingState.PURGED,
        col(Recording.purged_at).is_not(None),
        col(Recording.id).not_in(_subjects(tag)),
    )
    return list(session.exec(query))


def with_repeated(session: Session, tag: str) -> list[str]:
    """Return ids of recordings that have more than one event with this tag."""
    repeated = _subjects(tag).group_by(col(AuditEvent.subject_id)).having(func.count() > 1)
    return list(session.exec(select(Recording.id).where(col(Recording.id).in_(repeated))))


def _subjects(tag: str) -> Any:
    """Return a query of the subjects of a tag, without NULL: nothing is NOT IN a list that has one."""
    return select(AuditEvent.subject_id).where(AuditEvent.tag == tag, col(AuditEvent.subject_id).is_not(None))


def _without_row(session: Session, tags: Collection[str], rows: Any) -> list[LastEvent]:
    newest = (
        select(func.max(AuditEvent.id))
        .where(col(AuditEvent.tag).in_(tags), col(AuditEvent.subject_id).not_in(rows))
        .group_by(col(AuditEvent.subject_id))
    )
    query = select(AuditEvent.subject_id, AuditEvent.tag, AuditEvent.at).where(col(AuditEvent.id).in_(newest))
    return [LastEvent(subject or "", tag, at) for subject, tag, at in session.exec(query.order_by(col(AuditEvent.id)))]
