"""Running the most urgent of everything that is due (`gateway.db.repositories.queue`)."""

from typing import Final

from gateway.core.work import StageName
from gateway.db.columns import utc_now
from gateway.db.models import Task
from gateway.db.repositories import queue
from gateway.db.repositories.queue import DueWork
from workers.running.engine import Outcome
from workers.running.work import WorkerContext
from workers.stages import attempt_next
from workers.tasks.runner import attempt_task

# Others look at the same rows: enough that one is left that none of them has taken first.
_CANDIDATES: Final = 20


def run(context: WorkerContext) -> bool:
    """Run one stage or task; False when nothing is due."""
    with context.database.read() as session:
        found = queue.due(session, utc_now(), _CANDIDATES)
    return any(_attempt(context, work) is not Outcome.IDLE for work in found)


def seal(context: WorkerContext) -> bool:
    """Seal one recording; False when none is to be sealed."""
    with context.database.read() as session:
        found = queue.due_seals(session, utc_now(), _CANDIDATES)
    return any(attempt_next(context, work.id, StageName.SEAL) is not Outcome.IDLE for work in found)


def _attempt(context: WorkerContext, work: DueWork) -> Outcome:
    return attempt_task(context, work.id) if work.model is Task else attempt_next(context, work.id)
