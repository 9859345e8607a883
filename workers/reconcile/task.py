"""The task kind `reconcile`."""

from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.work import TaskKind
from gateway.db.models import Task
from gateway.db.repositories import tasks
from gateway.work.stages import SendJob
from gateway.work.tasks import place
from workers.reconcile.work import reconcile
from workers.running.task_work import TaskWork
from workers.running.work import Publish


def place_reconcile(session: Session, actor: Actor, send_job: SendJob, *, deep: bool, repair: bool = True) -> Task:
    """Place the task, or return an identical unfinished one."""
    return place(session, TaskKind.RECONCILE, actor, send_job, deep=deep, repair=repair)


def run(work: TaskWork) -> Publish:
    """Reconcile; the report becomes the task's result."""
    wanted = work.task.parameters
    report = reconcile(
        work.context,
        deep=bool(wanted.get("deep")),
        may_repair=bool(wanted.get("repair", True)),
        progress=work.progress,
    )

    def publish(session: Session) -> None:
        row = tasks.get(session, work.task.id)
        row.result = report.to_json()
        session.add(row)

    return publish
