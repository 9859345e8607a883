"""Purges on rows: mark with a grace period, cancel, begin, finish. `workers.purge` erases the bytes.

Each function works in the caller's write transaction and writes the audit event.

A purge that has begun cannot be undone. The recording's state is purged from then on, so that nothing reads, processes or
holds it while its bytes are erased step by step. `purged_at` and the tombstone are written when all bytes are gone.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError
from gateway.core.policy.retention import UNDER_WAY, Obstacle, PurgeState
from gateway.core.recording.states import RecordingState, advance
from gateway.db.columns import utc_now
from gateway.db.models import Purge, Recording, Tombstone
from gateway.db.repositories import purges, recordings, stages
from gateway.retention.dates import dates_of, policy_for
from gateway.retention.obstacles import purge_obstacles

# The actor when a policy marks. It is not an account, so the row has no foreign key for it.
POLICY: Final = Actor("retention policy")
WORKER: Final = Actor("worker")


class ObstacleError(ConflictError):
    """The recording may not be erased now; the text says why."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(f"it cannot be purged: {reasons(obstacles)}")
        self.obstacles = obstacles


def reasons(obstacles: list[Obstacle]) -> str:
    """Join them into one line."""
    return "; ".join(obstacle.text for obstacle in obstacles)


def mark(session: Session, recording_id: str, reason: str, actor: Actor, grace_days: float) -> Purge:
    """Mark a recording to be purged after `grace_days`. Raises NotFoundError, ConflictError, ObstacleError."""
    recording = _locked(session, recording_id)
    if recording.state is RecordingState.PURGED:
        raise ConflictError("the recording is already purged or being purged")
    if purges.under_way(session, recording_id) is not None:
        raise ConflictError("the recording is already marked for purge")
    now = utc_now()
    obstacles = purge_obstacles(session, recording, now)
    if obstacles:
        raise ObstacleError(obstacles)
    purge = Purge(
        recording_id=recording_id,
        reason=reason,
        marked_by=actor.user_id,
        marked_by_name=actor.name,
        marked_at=now,
        due_at=now + timedelta(days=grace_days),
    )
    session.add(purge)
    session.flush()
    tag = AuditTag.PURGE_MARKED if actor.user_id else AuditTag.PURGE_MARKED_BY_POLICY
    record(
        session, tag, actor, subject_id=recording_id, purge_id=purge.id, reason=reason, due_at=purge.due_at.isoformat()
    )
    return purge


def mark_by_policy(session: Session, recording_id: str, grace_days: float) -> Purge | None:
    """Mark a recording whose time has passed; None if it has not (any more), or if something prevents the purge."""
    recording = _locked(session, recording_id)
    if recording.state is RecordingState.PURGED or purges.under_way(session, recording_id) is not None:
        return None
    if not is_over(session, recording) or purge_obstacles(session, recording, utc_now()):
        return None
    policy = policy_for(session, recording)
    reason = f"{policy.name}: deleted {policy.delete_after_days:g} days after the session's end"
    return mark(session, recording_id, reason, POLICY, grace_days)


def is_over(session: Session, recording: Recording) -> bool:
    """Whether the current policies say that it must be deleted."""
    found = dates_of(session, recording)
    return found is not None and found.purge_after_at is not None and found.purge_after_at <= utc_now()


def cancel(session: Session, purge: Purge, reason: str, actor: Actor) -> Purge:
    """Keep the recording after all. Raises ConflictError for a purge that has begun or ended."""
    purge = purges.get(session, purge.id, lock=True)
    if purge.state is not PurgeState.MARKED:
        raise ConflictError(f"the purge is {purge.state}: it can be cancelled only before it begins")
    purge.state, purge.ended_at, purge.waiting_for = PurgeState.CANCELLED, utc_now(), ""
    purge.ended_by_name, purge.end_reason = actor.name, reason
    session.add(purge)
    tag = AuditTag.PURGE_CANCELLED if actor.user_id else AuditTag.PURGE_CANCELLED_BY_POLICY
    record(session, tag, actor, subject_id=purge.recording_id, purge_id=purge.id, reason=reason)
    return purge


def recheck(session: Session, purge_id: str) -> bool:
    """Whether a due purge may proceed now.

    A policy's mark that no longer applies is cancelled; others wait and say why.
    """
    purge = purges.get(session, purge_id)
    recording = _locked(session, purge.recording_id)
    purge = purges.get(session, purge_id, lock=True)
    if purge.state is not PurgeState.MARKED:
        return purge.state is PurgeState.PURGING
    if purge.marked_by is None and not is_over(session, recording):
        cancel(session, purge, "the retention policy keeps it longer now", POLICY)
        return False
    if purge.due_at > utc_now():
        return False
    purge.waiting_for = reasons(purge_obstacles(session, recording, utc_now()))
    session.add(purge)
    return not purge.waiting_for


def begin(session: Session, purge_id: str, files: list[dict[str, Any]]) -> Purge:
    """The point of no return: store the inventory and delete the text; nothing reads the recording any more.

    `files` is what was found of it (`workers.purge.inventory`). One that has begun before does not change. Raises
    ConflictError for one that was cancelled or is not due, ObstacleError if something prevents it after all.
    """
    purge = purges.get(session, purge_id)
    recording = _locked(session, purge.recording_id)
    purge = purges.get(session, purge_id, lock=True)
    if purge.state is PurgeState.PURGING:
        return purge
    now = utc_now()
    if purge.state not in UNDER_WAY or purge.due_at > now:
        raise ConflictError(f"this purge is {purge.state}, due {purge.due_at:%Y-%m-%d %H:%M} UTC: nothing is erased")
    # INVARIANT: decided with the rows locked, from the policies, holds and locks as they are at this moment.
    obstacles = purge_obstacles(session, recording, now)
    if obstacles:
        raise ObstacleError(obstacles)
    policy = policy_for(session, recording)
    recording.state = advance(recording.state, RecordingState.PURGED)
    recording.purge_after_at = None
    span_count, finding_count = purges.erase_text(session, recording.id)
    purge.state, purge.began_at, purge.waiting_for = PurgeState.PURGING, now, ""
    purge.inventory = {
        "files": files,
        "span_count": span_count,
        "finding_count": finding_count,
        "policy": {
            "id": policy.id,
            "name": policy.name,
            "retain_for_days": policy.retain_for_days,
            "delete_after_days": policy.delete_after_days,
        },
    }
    session.add_all([recording, purge])
    return purge


def finish(session: Session, purge: Purge, certificate: Mapping[str, Any]) -> None:
    """Finish: everything is gone, and the tombstone replaces the rows of files."""
    recording = _locked(session, purge.recording_id)
    row = purges.get(session, purge.id, lock=True)
    now = utc_now()
    purges.forget_files(session, recording.id)
    recording.purged_at = now
    row.state, row.ended_at, row.waiting_for = PurgeState.PURGED, now, ""
    session.add_all([recording, row])
    session.merge(
        Tombstone(recording_id=recording.id, purged_at=now, files=row.inventory["files"], certificate=dict(certificate))
    )
    record(
        session,
        AuditTag.RECORDING_PURGED,
        WORKER,
        subject_id=recording.id,
        purge_id=row.id,
        reason=row.reason,
        marked_by=row.marked_by_name,
        file_count=len(row.inventory["files"]),
        signature=certificate["signature"],
    )


def _locked(session: Session, recording_id: str) -> Recording:
    """Lock the recording's stages and then the recording, in the order used everywhere."""
    stages.of_recording(session, recording_id, lock=True)
    return recordings.get(session, recording_id, lock=True)
