"""Run one task, driven by its row.

As with stages, any process may be killed at any point, so a runner must detect what an earlier run has done.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from gateway.core.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.core.work import TaskKind
from gateway.db.models import Task
from gateway.db.repositories import recordings, tasks
from workers.audit.task import run as run_audit_check
from workers.export.runner import run as run_export
from workers.purge.task import run as run_purge
from workers.reconcile.task import run as run_reconcile
from workers.restore.work import run as run_restore
from workers.running.engine import Attempt, Outcome, WorkKind, attempt, fail
from workers.running.task_work import TaskRunner, TaskWork
from workers.running.work import Publish, WorkerContext
from workers.verify.task import run as run_verify
from workers.watch.backlog import run as run_watch

RUNNERS: Final[Mapping[TaskKind, TaskRunner]] = {
    TaskKind.VERIFY: run_verify,
    TaskKind.PURGE: run_purge,
    TaskKind.RESTORE: run_restore,
    TaskKind.RECONCILE: run_reconcile,
    TaskKind.AUDIT_CHECK: run_audit_check,
    TaskKind.EXPORT: run_export,
    TaskKind.WATCH: run_watch,
}


def run_task(context: WorkerContext, task_id: str, runners: Mapping[TaskKind, TaskRunner] = RUNNERS) -> bool:
    """Run the task if it is due and free; return whether it is done now."""
    return attempt_task(context, task_id, runners) is Outcome.DONE


def attempt_task(context: WorkerContext, task_id: str, runners: Mapping[TaskKind, TaskRunner] = RUNNERS) -> Outcome:
    """Run the task once, if it is due."""
    return attempt(context, _kind(runners), lambda session: tasks.get(session, task_id, lock=True))


def _kind(runners: Mapping[TaskKind, TaskRunner]) -> WorkKind[Task]:
    return WorkKind(
        noun="task",
        model=Task,
        hopeless=(InvalidInputError, ConflictError, NotFoundError),
        log_fields=_log_fields,
        scratch_root=_data_folder,
        reload=_reload,
        run=partial(_run, runners),
        give_up=_give_up,
    )


def _run(runners: Mapping[TaskKind, TaskRunner], this: Attempt[Task]) -> Publish:
    context, task = this.context, this.row
    recording = None
    if task.recording_id is not None:
        with context.database.read() as session:
            recording = recordings.get(session, task.recording_id)
    return runners[task.kind](TaskWork(context, task, recording, this.scratch, this.progress))


def _reload(session: Session, task: Task) -> Task:
    return tasks.get(session, task.id, lock=True)


def _give_up(session: Session, task: Task, error: str) -> None:
    fail(task, error)
    session.add(task)


def _log_fields(task: Task) -> dict[str, Any]:
    return {"task_id": task.id, "kind": task.kind, "recording_id": task.recording_id}


def _data_folder(context: WorkerContext) -> Path:
    return context.settings.data_dir
