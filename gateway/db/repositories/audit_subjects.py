"""Queries on what the audit trail says about one subject: a recording, a session, a user."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from gateway.db.models import AuditEvent


def events(session: Session, subject_ids: Iterable[str | None], tags: Iterable[str] | None = None) -> list[AuditEvent]:
    """Return the events about these subjects, oldest first; only those with one of the tags, if given."""
    wanted = [one for one in subject_ids if one is not None]
    query = select(AuditEvent).where(col(AuditEvent.subject_id).in_(wanted))
    if tags is not None:
        query = query.where(col(AuditEvent.tag).in_(list(tags)))
    return list(session.exec(query.order_by(col(AuditEvent.id))))


def has_event(session: Session, subject_id: str, tag: str) -> bool:
    """Whether there is an event with this tag about the subject."""
    query = select(AuditEvent.id).where(AuditEvent.subject_id == subject_id, AuditEvent.tag == tag)
    return session.exec(query.limit(1)).first() is not None


def has_event_by(session: Session, actor_id: str | None, subject_id: str, tag: str, since: datetime) -> bool:
    """Whether the actor has caused an event with this tag about the subject since then."""
    query = select(AuditEvent.id).where(
        AuditEvent.tag == tag,
        AuditEvent.actor_id == actor_id,
        AuditEvent.subject_id == subject_id,
        AuditEvent.at > since,
    )
    return session.exec(query.limit(1)).first() is not None


def newest_with_tag(session: Session, tag: str, since: datetime) -> AuditEvent | None:
    """Return the newest event with this tag since then, about whatever subject."""
    query = select(AuditEvent).where(AuditEvent.tag == tag, AuditEvent.at > since)
    return session.exec(query.order_by(col(AuditEvent.id).desc()).limit(1)).first()
