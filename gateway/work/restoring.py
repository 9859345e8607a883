"""Request the restore of an archived recording to hot storage. The workers run the task (`workers.restore`)."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, InvalidInputError
from gateway.core.recording.states import RecordingState
from gateway.core.work import TaskKind
from gateway.db.models import Recording, Task
from gateway.work.stages import SendJob
from gateway.work.tasks import place

# Hot storage is expensive: whoever needs a recording for longer requests it again.
MOST_DAYS: Final = 365.0


def request_restore(session: Session, recording: Recording, days: float, actor: Actor, send_job: SendJob) -> Task:
    """Request a restore for the given days after it is done, in the caller's write transaction.

    A recording that is already hot stays for at least that long. Raises InvalidInputError, and ConflictError for a
    recording that is not archived (its hot copy stays in any case).
    """
    if not 0 < days <= MOST_DAYS:
        raise InvalidInputError(f"a recording can be restored for up to {MOST_DAYS:g} days")
    if recording.state is not RecordingState.ARCHIVED:
        raise ConflictError(f"the recording is {recording.state}: only an archived one can be restored")
    task = place(session, TaskKind.RESTORE, actor, send_job, recording_id=recording.id, days=days)
    record(session, AuditTag.RESTORE_REQUESTED, actor, subject_id=recording.id, task_id=task.id, days=days)
    return task


def hot_until(task: Task) -> datetime | None:
    """Return until when a completed restore keeps the recording hot."""
    text = task.result.get("hot_until_at")
    return None if text is None else datetime.fromisoformat(text)
