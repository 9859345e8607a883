"""What prevents erasing a recording now."""

from datetime import datetime

from sqlmodel import Session

from gateway.core.policy.retention import Obstacle, PurgeContext, obstacles
from gateway.core.recording.states import RecordingState
from gateway.core.work import TaskKind, WorkState
from gateway.db.models import Recording
from gateway.db.repositories import holds, recordings, stages, tasks
from gateway.retention.dates import dates_of, policy_for


def purge_obstacles(session: Session, recording: Recording, now: datetime) -> list[Obstacle]:
    """Return what prevents erasing the recording now; the caller holds the locks if a decision depends on it."""
    return obstacles(_purge_context(session, recording), now)


def _purge_context(session: Session, recording: Recording) -> PurgeContext:
    found = dates_of(session, recording)
    archived = recordings.archive_objects(session, recording.id)
    locks = [stored.locked_until_at for stored in archived if stored.locked_until_at is not None]
    return PurgeContext(
        is_open=recording.state is RecordingState.OPEN,
        busy_with=_busy_with(session, recording),
        held_for=tuple(hold.case_number or hold.reason for hold in holds.active(session, recording.id)),
        retain_until_at=found.retain_until_at if found else None,
        policy_name=policy_for(session, recording).name,
        locked_until_at=max(locks, default=None),
        legal_hold=any(stored.legal_hold for stored in archived),
    )


def _busy_with(session: Session, recording: Recording) -> str:
    """Return the unfinished stage or task, or an empty string; a failed one does not count."""
    for name, stage in stages.of_recording(session, recording.id).items():
        if stage.state in {WorkState.PENDING, WorkState.RUNNING}:
            return f"stage {name} is {stage.state}"
    for kind in TaskKind:
        task = None if kind is TaskKind.PURGE else tasks.unfinished(session, kind, recording.id)
        if task is not None:
            return f"a task to {kind} is {task.state}"
    return ""
