"""Verify recordings and store the outcome."""

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.recording.states import RecordingState
from gateway.db.models import Verification
from gateway.db.repositories import recordings
from gateway.evidence.rows import Rows
from gateway.evidence.verify import Verdict, verify
from workers.running.work import Progress, WorkerContext

# States of recordings whose bytes are sealed.
VERIFIABLE = (RecordingState.SEALED, RecordingState.ARCHIVED, RecordingState.BROKEN)
_WORKER = Actor("worker")


def verify_recording(context: WorkerContext, recording_id: str, progress: Progress, *, archive: bool) -> Verdict:
    """Verify one recording. Raises NotFoundError."""
    with context.database.read() as session:
        rows = Rows.load(session, recording_id)
    return verify(context.files, rows, archive=archive, progress=progress)


def store_verdict(session: Session, recording_id: str, verdict: Verdict, requested_by: str) -> None:
    """Add the row and the audit event, in the caller's transaction."""
    faults = [fault.values() for fault in verdict.faults]
    facts = {**verdict.facts, "reason": verdict.reason} if verdict.reason else verdict.facts
    session.add(
        Verification(
            recording_id=recording_id, requested_by=requested_by, outcome=verdict.outcome, faults=faults, facts=facts
        )
    )
    record(
        session,
        AuditTag.RECORDING_VERIFIED,
        _WORKER,
        subject_id=recording_id,
        outcome=verdict.outcome,
        fault_count=len(faults),
        files=sorted({fault.file for fault in verdict.faults})[:20],
        requested_by=requested_by,
    )


def all_ids(context: WorkerContext) -> list[str]:
    """Return the ids of all recordings that can be verified, newest first."""
    with context.database.read() as session:
        return recordings.ids_in_states(session, VERIFIABLE)
