"""The rows written while a session runs and when it ends: gaps, the end, the first stages.

A session is closed in one transaction, so that a closed session always has its stages and its audit event.
"""

from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.policy.recording import RecordingPolicy
from gateway.core.recording.entries import GapNoted
from gateway.core.recording.testimony import Closing
from gateway.core.session import SessionState, advance
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.repositories import audit_subjects, session_commands, sessions
from gateway.sessions.endings import Ending
from gateway.telemetry import get_logger
from gateway.work import stages as pipeline

_GATEWAY = Actor("gateway")
_log = get_logger()


def note_gap(database: Database, recording_id: str, policy: RecordingPolicy, gap: GapNoted) -> None:
    """Audit that recording was lost or, once the gap has an end, that it resumed. Blocks."""
    tag = AuditTag.RECORDER_LOST if gap.end_ms is None else AuditTag.RECORDER_RESUMED
    with database.write() as session:
        record(session, tag, _GATEWAY, subject_id=recording_id, policy=policy, **asdict(gap))


def close_session(
    database: Database,
    send_job: pipeline.SendJob,
    session_id: str,
    ending: Ending,
    *,
    closed_at: datetime | None = None,
    closing: Closing | None = None,
) -> bool:
    """Close a session's rows and begin the stages of its recording. Blocks. Returns False if it was closed already.

    That happens when another process took this gateway for lost while it could not reach the database. `closing` is how
    the writer ended the recording, None where its gateway was lost. It is audited in both cases: sealing and verification
    compare the recording with it.
    """
    with database.write() as session:
        row, recording = sessions.with_recording(session, session_id)
        if closing is not None:
            _audit_closing(session, recording.id, closing)
        if row.state is SessionState.CLOSED:
            return False
        row.state = advance(row.state, SessionState.CLOSED)
        row.close_reason, row.close_text, row.closed_at = ending.reason, ending.text, closed_at or utc_now()
        recording.closed_at = row.closed_at
        session.add_all([row, recording])
        session_commands.settle_all(session, row, utc_now())
        record(
            session,
            AuditTag.SESSION_CLOSED,
            _GATEWAY,
            subject_id=row.id,
            reason=ending.reason,
            text=ending.text,
            target=row.target_name,
        )
        pipeline.begin(session, recording, send_job)
    # The log leaves the machine in most installations, and with it where the manifest ends.
    _log.info("session.closed", session_id=session_id, reason=ending.reason, **(closing.details() if closing else {}))
    return True


def _audit_closing(session: Session, recording_id: str, closing: Closing) -> None:
    """Audit it once: the caller tries again when it cannot tell whether the database has committed."""
    tag = AuditTag.RECORDING_CLOSED
    if not audit_subjects.has_event(session, recording_id, tag.value):
        record(session, tag, _GATEWAY, subject_id=recording_id, **closing.details())
