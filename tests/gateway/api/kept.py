"""Recordings as rows, for the routes that decide about them."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from gateway.core.recording.states import RecordingState
from gateway.db.columns import new_id, utc_now
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Recording
from gateway.retention import set_dates_of_all


def add_recording(database: Database, ended_days_ago: float = 500, **values: Any) -> str:
    """Sealed, ended so long ago that the default policy (a year) keeps it no more; returns its id."""
    recording_id, ended_at = new_id(), utc_now() - timedelta(days=ended_days_ago)
    row = {
        "id": recording_id,
        "state": RecordingState.SEALED,
        "folder": recording_id,
        "target_name": "press-1",
        "operator_name": "olga",
        "started_at": ended_at - timedelta(hours=1),
        "closed_at": ended_at,
        "size_bytes": 1000,
    }
    with database.write() as session:
        session.add(Recording(**{**row, **values}))
    set_dates_of_all(database, 30)
    return recording_id


def tags_of(database: Database, subject_id: str) -> list[str]:
    """What the audit trail says of it, in order."""
    query = select(AuditEvent.tag).where(AuditEvent.subject_id == subject_id).order_by(col(AuditEvent.id))
    with database.read() as session:
        return list(session.exec(query))
