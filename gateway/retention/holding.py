"""Placing and releasing holds. A hold beats every rule; it is released, never deleted.

Callers: `gateway.api.holds`. Each function works in the caller's writing transaction and writes the audit event; the
legal holds of archived objects follow by the job `holds.apply`, so that nobody waits for the archive.
"""

from collections.abc import Sequence
from functools import partial

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError
from gateway.core.recording.states import RecordingState
from gateway.core.work import HOLDS_APPLY
from gateway.db.columns import utc_now
from gateway.db.database import after_commit
from gateway.db.models import Hold, Recording
from gateway.db.repositories import holds, purges, recordings
from gateway.retention.purging import cancel
from gateway.work.stages import SendJob


def place(
    session: Session, recording_ids: Sequence[str], reason: str, case_number: str, actor: Actor, send_job: SendJob
) -> list[Hold]:
    """Hold each of these recordings; a purge that was marked is cancelled by it.

    Raises NotFoundError, and ConflictError for one whose bytes are gone or going: then none is held.
    """
    # Locked in one task, so that two who want the same ones cannot block each other.
    found = [recordings.get(session, recording_id, lock=True) for recording_id in sorted(set(recording_ids))]
    placed = [_place(session, recording, reason, case_number, actor) for recording in found]
    after_commit(session, partial(send_job, HOLDS_APPLY))
    return placed


def _place(session: Session, recording: Recording, reason: str, case_number: str, actor: Actor) -> Hold:
    if recording.state is RecordingState.PURGED:
        raise ConflictError(f"recording {recording.id} cannot be held: it is purged, or being purged now")
    # INVARIANT: begun purges have the state above, so what is under way here has lost nothing yet.
    purge = purges.under_way(session, recording.id)
    if purge is not None:
        cancel(session, purge, f"held: {reason}", actor)
    if actor.user_id is None:
        raise ConflictError("a hold needs an owner: sign in as a user")
    hold = Hold(
        recording_id=recording.id,
        reason=reason,
        case_number=case_number,
        owner_id=actor.user_id,
        owner_name=actor.name,
    )
    session.add(hold)
    session.flush()
    record(
        session,
        AuditTag.HOLD_PLACED,
        actor,
        subject_id=recording.id,
        hold_id=hold.id,
        reason=reason,
        case_number=case_number,
    )
    return hold


def release(session: Session, hold_id: str, reason: str, actor: Actor, send_job: SendJob) -> Hold:
    """End a hold; its row stays. Raises NotFoundError, and ConflictError for one that was released before."""
    hold = holds.get(session, hold_id)
    if hold.released_at is not None:
        raise ConflictError(f"the hold was released already, by {hold.released_by_name}")
    hold.released_at, hold.released_by_name, hold.release_reason = utc_now(), actor.name, reason
    session.add(hold)
    record(
        session,
        AuditTag.HOLD_RELEASED,
        actor,
        subject_id=hold.recording_id,
        hold_id=hold.id,
        reason=reason,
        case_number=hold.case_number,
    )
    after_commit(session, partial(send_job, HOLDS_APPLY))
    return hold
