"""Run a task to its end in this process, with nobody else needed.

A worker that runs beside it may have taken the task; then this process waits for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gateway.core.work import UNFINISHED
from gateway.db.models import Task
from gateway.db.repositories import tasks
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task

_LOOK_SECONDS: Final = 0.25


def run_to_end(context: WorkerContext, task_id: str, show: Callable[[float], None]) -> Task:
    """Run and watch the task until it is done, failed, or waits after an error; returns its row."""
    with _watched(context, task_id, show) as watching:
        while True:
            run_task(context, task_id)
            task = _row(context, task_id)
            if task.state not in UNFINISHED or task.error is not None:
                return task
            watching.wait(_LOOK_SECONDS)


@contextmanager
def _watched(context: WorkerContext, task_id: str, show: Callable[[float], None]) -> Iterator[threading.Event]:
    """Shows the task's progress while the block runs; gives the event that ends the showing."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            show(_row(context, task_id).progress)

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        ended.set()
        thread.join()


def _row(context: WorkerContext, task_id: str) -> Task:
    with context.database.read() as session:
        return tasks.get(session, task_id)
