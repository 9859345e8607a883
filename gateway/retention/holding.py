"""Place and release holds. A hold overrides every rule; it is released, never deleted.

Each function works in the caller's write transaction and writes the audit event. The job `holds.apply` sets the legal
holds of archived objects afterwards, so that nobody waits for the archive.
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
    """Hold each of these recordings; cancels their marked purges.

    Raises NotFoundError, and ConflictError for one that is purged or being purged: then none is held.
    """
    # Locked in a fixed order, so that two requests for the same recordings cannot deadlock.
    found = [recordings.get(session, recording_id, lock=True) for recording_id in sorted(set(recording_ids))]
    placed = [_place(session, recording, reason, case_number, actor) for recording in found]
    after_commit(session, partial(send_job, HOLDS_APPLY))
    return placed


def _place(session: Session, recording: Recording, reason: str, case_number: str, actor: Actor) -> Hold:
    if recording.state is RecordingState.PURGED:
        raise ConflictError(f"recording {recording.id} cannot be held: it is purged or being purged")
    # INVARIANT: purges that have begun have the state above, so the ones cancelled here have erased nothing.
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
    """Release a hold; its row stays. Raises NotFoundError, and ConflictError if it was released before."""
    hold = holds.get(session, hold_id)
    if hold.released_at is not None:
        raise ConflictError(f"the hold was already released by {hold.released_by_name}")
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
