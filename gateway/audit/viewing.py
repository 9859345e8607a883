"""Audit views: one event for all requests of one viewer.

Routes call it before they show a recording, its transcript or its chain of custody.
"""

from datetime import timedelta
from typing import Final

from gateway.audit.tags import AuditTag
from gateway.audit.trail import Actor, record
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.repositories import audit_subjects

# A player asks for a video in many ranges; they are one viewing.
VIEW_WINDOW: Final = timedelta(minutes=10)


def note_view(database: Database, tag: AuditTag, actor: Actor, subject_id: str) -> None:
    """Audit the view.

    Reads first and writes only if it is new, because SQLite has one writer.
    """
    with database.read() as session:
        since = utc_now() - VIEW_WINDOW
        is_seen = audit_subjects.has_event_by(session, actor.user_id, subject_id, tag.value, since)
    if not is_seen:
        with database.write() as session:
            record(session, tag, actor, subject_id=subject_id)
