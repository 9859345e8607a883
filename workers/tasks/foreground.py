"""Run a task to its end in this process, without other workers.

If another worker has taken the task, this process waits for it.
"""

from collections.abc import Callable

from gateway.core.work import UNFINISHED
from gateway.db.models import Task
from gateway.db.repositories import tasks
from workers.running.watching import LOOK_SECONDS, watching
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task


def run_to_end(context: WorkerContext, task_id: str, show: Callable[[float], None]) -> Task:
    """Run and watch the task until it is done, failed, or waits after an error; returns its row."""
    with watching(lambda: show(_row(context, task_id).progress)) as ended:
        while True:
            run_task(context, task_id)
            task = _row(context, task_id)
            if task.state not in UNFINISHED or task.error is not None:
                return task
            ended.wait(LOOK_SECONDS)  # another worker has it


def _row(context: WorkerContext, task_id: str) -> Task:
    with context.database.read() as session:
        return tasks.get(session, task_id)
