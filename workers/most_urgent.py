"""Run the most urgent due work (`gateway.db.repositories.queue`)."""

from collections.abc import Collection
from typing import Final

from gateway.core.work import Queue, StageName, stages_of
from gateway.db.columns import utc_now
from gateway.db.models import Task
from gateway.db.repositories import queue
from gateway.db.repositories.queue import DueWork
from workers.running.engine import Outcome
from workers.running.work import WorkerContext
from workers.stages import attempt_next
from workers.tasks.runner import attempt_task

# Other workers read the same rows: enough of them that at least one is still free.
_CANDIDATES: Final = 20


def run(context: WorkerContext, queues: Collection[Queue]) -> bool:
    """Run one stage or task of these queues; return False if nothing is due."""
    with context.database.read() as session:
        found = queue.due(session, utc_now(), _CANDIDATES, queues)
    return any(_attempt(context, work, queues) is not Outcome.IDLE for work in found)


def seal(context: WorkerContext) -> bool:
    """Seal one recording; return False if none is waiting."""
    with context.database.read() as session:
        found = queue.due_seals(session, utc_now(), _CANDIDATES)
    return any(attempt_next(context, work.id, {StageName.SEAL}) is not Outcome.IDLE for work in found)


def _attempt(context: WorkerContext, work: DueWork, queues: Collection[Queue]) -> Outcome:
    if work.model is Task:
        return attempt_task(context, work.id)
    return attempt_next(context, work.id, stages_of(queues))
