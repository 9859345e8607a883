"""Exports that go: because their time is over, or because the recording is purged.

Callers: the timer job `exports.expire` (`workers.export.expiry`), the purge (`remove_exports`). Rows stay and say when.
"""

from datetime import datetime

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.db.columns import utc_now
from gateway.db.models import Export
from gateway.db.repositories import exports, tasks
from gateway.exports import files
from gateway.settings import Settings


def remove_exports(settings: Settings, session: Session, recording_id: str) -> int:
    """Delete all exports of a recording that is purged, in the caller's transaction; how many files there were.

    Their links are revoked, and what was to be covered in redacted copies is forgotten. May be called again. An export
    that is being made finds the recording purged when it is done, and is thrown away. Raises OSError.
    """
    now = utc_now()
    count = 0
    for export in exports.of_recording(session, recording_id):
        count += export.removed_at is None and bool(export.name)
        files.remove(settings, export.id)
        _forget(session, export, now)
    return count


def expire(settings: Settings, session: Session, export_id: str, actor: Actor) -> bool:
    """Delete the file of an export whose time is over; whether it was there. The caller's transaction."""
    export = exports.get(session, export_id, lock=True)
    now = utc_now()
    if export.removed_at is not None or export.expires_at > now:
        return False
    files.remove(settings, export.id)
    export.removed_at = now
    session.add(export)
    record(session, AuditTag.EXPORT_EXPIRED, actor, subject_id=export.recording_id, export_id=export.id)
    return True


def _forget(session: Session, export: Export, now: datetime) -> None:
    task = tasks.get(session, export.task_id, lock=True)
    task.parameters = {name: value for name, value in task.parameters.items() if name not in {"rules", "query"}}
    export.removed_at = export.removed_at or now
    export.facts = {}
    for link in exports.links(session, [export.id]):
        link.revoked_at = link.revoked_at or now
        session.add(link)
    session.add(task)
    session.add(export)
    session.flush()
