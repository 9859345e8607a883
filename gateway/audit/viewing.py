"""Audit views: one event for all requests of one viewer.

Routes call it before they show a recording, its transcript or its chain of custody.
"""

from datetime import timedelta
from typing import Final

from sqlmodel import select

from gateway.audit.tags import AuditTag
from gateway.audit.trail import Actor, record
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AuditEvent

# A player asks for a video in many ranges; they are one viewing.
VIEW_WINDOW: Final = timedelta(minutes=10)


def note_view(database: Database, tag: AuditTag, actor: Actor, subject_id: str) -> None:
    """Audit the view.

    Reads first and writes only if it is new, because SQLite has one writer.
    """
    with database.read() as session:
        seen = session.exec(
            select(AuditEvent.id).where(
                AuditEvent.tag == tag.value,
                AuditEvent.actor_id == actor.user_id,
                AuditEvent.subject_id == subject_id,
                AuditEvent.at > utc_now() - VIEW_WINDOW,
            )
        ).first()
    if seen is None:
        with database.write() as session:
            record(session, tag, actor, subject_id=subject_id)
