"""Place tasks: work that outlives the request (`gateway.core.work`).

The row is the task; the job sent after commit is a nudge.
"""

from functools import partial
from typing import Any, Final

from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.work import TASK_RUN, Priority, TaskKind
from gateway.db.database import after_commit
from gateway.db.models import Task
from gateway.db.repositories import recordings, tasks
from gateway.work.stages import SendJob

# Slow, and no session waits for it.
_BULK: Final = frozenset({TaskKind.EXPORT, TaskKind.WATCH})


def place(
    session: Session,
    kind: TaskKind,
    actor: Actor,
    send_job: SendJob,
    *,
    recording_id: str | None = None,
    **parameters: Any,
) -> Task:
    """Add a task in the caller's write transaction; the caller also writes the audit event.

    An unfinished identical task about the same recording is returned instead. Raises GoneError for a recording that is
    purged or being purged.
    """
    if recording_id is not None and kind is not TaskKind.PURGE:
        recordings.refuse_purged(recordings.get(session, recording_id, lock=True))
    unfinished = tasks.unfinished(session, kind, recording_id)
    if unfinished is not None and unfinished.parameters == parameters:
        return unfinished
    task = Task(
        kind=kind,
        recording_id=recording_id,
        parameters=parameters,
        priority=Priority.BULK if kind in _BULK else Priority.NORMAL,
        requested_by=actor.user_id,
        requested_by_name=actor.name,
    )
    session.add(task)
    session.flush()
    after_commit(session, partial(send_job, TASK_RUN, task.id))
    return task
