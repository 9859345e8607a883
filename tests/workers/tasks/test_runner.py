"""Tasks run once, are published with their row, come again after a loss, and end with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.errors import InvalidInputError, ReelgateError, UnavailableError
from gateway.core.work import TASK_RUN, TaskKind, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Task
from gateway.db.repositories import queue, tasks
from gateway.work import tasks as placing
from workers.running.engine import MAX_ATTEMPTS
from workers.running.work import Publish, WorkerContext
from workers.tasks.runner import run_task
from workers.tasks.work import TaskRunner, TaskWork

TIMER = Actor("timer")


def place(context: WorkerContext, **parameters: Any) -> str:
    with context.database.write() as session:
        return placing.place(session, TaskKind.RECONCILE, TIMER, lambda *_: None, **parameters).id


def row(context: WorkerContext, task_id: str) -> Task:
    with context.database.read() as session:
        return tasks.get(session, task_id)


def make_due(context: WorkerContext, task_id: str) -> None:
    with context.database.write() as session:
        task = tasks.get(session, task_id, lock=True)
        task.not_before_at = task.lease_until_at = utc_now() - timedelta(seconds=1)
        session.add(task)


def counting(work: TaskWork) -> Publish:
    assert work.scratch.is_dir()
    work.progress(0.5)

    def publish(session: Session) -> None:
        task = tasks.get(session, work.task.id)
        task.result = {"count": work.task.parameters["count"]}
        session.add(task)

    return publish


def failing(error: ReelgateError | ZeroDivisionError) -> dict[TaskKind, TaskRunner]:
    def fail(_work: TaskWork) -> Publish:
        raise error

    return {TaskKind.RECONCILE: fail}


def test_a_task_is_done_once_and_its_result_comes_with_its_row(context: WorkerContext) -> None:
    task_id = place(context, count=3)
    assert run_task(context, task_id, {TaskKind.RECONCILE: counting})
    assert not run_task(context, task_id, {TaskKind.RECONCILE: counting}), "it is done"
    done = row(context, task_id)
    assert (done.state, done.result, done.progress, done.lease_owner) == (WorkState.DONE, {"count": 3}, 1.0, None)
    assert not list(context.settings.data_dir.glob(".work/*"))


def test_the_same_task_is_not_placed_twice_and_its_job_leaves_after_commit(context: WorkerContext) -> None:
    sent: list[tuple[str, ...]] = []
    with context.database.write() as session:
        first = placing.place(session, TaskKind.RECONCILE, TIMER, lambda *job: sent.append(job), deep=True)
        second = placing.place(session, TaskKind.RECONCILE, TIMER, lambda *job: sent.append(job), deep=True)
        other = placing.place(session, TaskKind.RECONCILE, TIMER, lambda *job: sent.append(job), deep=False)
        assert not sent
        assert first.id == second.id != other.id
    assert sent == [(TASK_RUN, first.id), (TASK_RUN, other.id)]


def test_what_is_away_is_waited_for_and_never_given_up(context: WorkerContext) -> None:
    task_id = place(context)
    for _ in range(MAX_ATTEMPTS + 2):
        make_due(context, task_id)
        assert not run_task(context, task_id, failing(UnavailableError("the archive does not answer")))
    waiting = row(context, task_id)
    assert waiting.state is WorkState.PENDING
    assert waiting.error == "the archive does not answer"
    assert waiting.not_before_at is not None


@pytest.mark.parametrize(
    ("error", "attempts"), [(InvalidInputError("no such part"), 1), (ZeroDivisionError("oops"), MAX_ATTEMPTS)]
)
def test_a_failure_ends_it_with_its_reason(
    context: WorkerContext, error: ReelgateError | ZeroDivisionError, attempts: int
) -> None:
    task_id = place(context)
    for _ in range(attempts):
        assert row(context, task_id).state is WorkState.PENDING
        make_due(context, task_id)
        assert not run_task(context, task_id, failing(error))
    failed = row(context, task_id)
    assert failed.state is WorkState.FAILED
    assert str(error) in (failed.error or "")


def test_a_task_whose_worker_is_gone_is_taken_again_and_the_late_one_publishes_nothing(
    context: WorkerContext,
) -> None:
    task_id = place(context, count=1)

    def overtaken(work: TaskWork) -> Publish:
        with context.database.write() as session:
            task = tasks.get(session, task_id, lock=True)
            task.lease_owner = "another-host:1:1"
            session.add(task)
        return counting(work)

    assert not run_task(context, task_id, {TaskKind.RECONCILE: overtaken})
    assert row(context, task_id).result == {}
    with context.database.read() as session:
        assert queue.due(session, utc_now(), 10) == [], "the other one holds it"
    make_due(context, task_id)
    assert run_task(context, task_id, {TaskKind.RECONCILE: counting})
    assert row(context, task_id).result == {"count": 1}
