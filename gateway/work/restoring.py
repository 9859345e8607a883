"""Asking for an archived recording back on hot disk.

Callers: the API's route, `reelgate restore`. The task is run by the workers (`workers.restore`).
"""

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

# Hot disk is dear: whoever needs one for longer asks again.
MOST_DAYS: Final = 365.0


def request_restore(session: Session, recording: Recording, days: float, actor: Actor, send_job: SendJob) -> Task:
    """Have the recording on hot disk for so many days from when it is there, in the caller's writing transaction.

    One that is hot already stays for at least so long. Raises InvalidInputError, and ConflictError for a recording that
    is not archived (its hot copy stays in any case).
    """
    if not 0 < days <= MOST_DAYS:
        raise InvalidInputError(f"a recording can be restored for up to {MOST_DAYS:g} days")
    if recording.state is not RecordingState.ARCHIVED:
        raise ConflictError(f"the recording is {recording.state}: only what is archived can be restored")
    task = place(session, TaskKind.RESTORE, actor, send_job, recording_id=recording.id, days=days)
    record(session, AuditTag.RESTORE_REQUESTED, actor, subject_id=recording.id, task_id=task.id, days=days)
    return task


def hot_until(task: Task) -> datetime | None:
    """Until when a restore that is done keeps the recording hot."""
    text = task.result.get("hot_until_at")
    return None if text is None else datetime.fromisoformat(text)
