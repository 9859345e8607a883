"""How a recording stands: what keeps it, what would purge it, and what stands against erasing it now.

Callers: `gateway.retention.purging` (decides by it), `workers.purge`, the API (shows it).
"""

from datetime import datetime

from sqlmodel import Session

from gateway.core.policy.retention import Obstacle, Situation, obstacles
from gateway.core.recording.states import RecordingState
from gateway.core.work import TaskKind, WorkState
from gateway.db.models import Recording
from gateway.db.repositories import holds, recordings, stages, tasks
from gateway.retention.dates import dates_of, policy_for


def against_erasing(session: Session, recording: Recording, now: datetime) -> list[Obstacle]:
    """What stands against it at this moment; the caller holds the locks where something follows from it."""
    return obstacles(_situation(session, recording), now)


def _situation(session: Session, recording: Recording) -> Situation:
    found = dates_of(session, recording)
    archived = recordings.archive_objects(session, recording.id)
    locks = [stored.locked_until_at for stored in archived if stored.locked_until_at is not None]
    return Situation(
        is_open=recording.state is RecordingState.OPEN,
        busy_with=_busy_with(session, recording),
        held_for=tuple(hold.case_number or hold.reason for hold in holds.active(session, recording.id)),
        retain_until_at=found.retain_until_at if found else None,
        policy_name=policy_for(session, recording).name,
        locked_until_at=max(locks, default=None),
        legal_hold=any(stored.legal_hold for stored in archived),
    )


def _busy_with(session: Session, recording: Recording) -> str:
    """The stage or task that has yet to end; a failed one waits for nobody."""
    for name, stage in stages.of_recording(session, recording.id).items():
        if stage.state in {WorkState.PENDING, WorkState.RUNNING}:
            return f"stage {name} is {stage.state}"
    for kind in TaskKind:
        task = None if kind is TaskKind.PURGE else tasks.unfinished(session, kind, recording.id)
        if task is not None:
            return f"a task to {kind} is {task.state}"
    return ""
