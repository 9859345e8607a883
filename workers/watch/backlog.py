"""The task kind `watch`: run a watch term's query on every recording that existed when it was placed, page by page.

A page's findings and the progress are one transaction, and a page counts only while this run holds the task and the
term's query is the same: a worker may be killed at any point. Recordings that become searchable in the meantime are
watched by their index stage (`gateway.search.watch`).
"""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from gateway.db.models import Task
from gateway.db.repositories import leases, recordings, tasks, watch_terms
from gateway.search import Hit
from gateway.search.watch import hits_in, keep
from workers.running.lease import LeaseLostError
from workers.running.task_work import TaskWork
from workers.running.work import Publish

# One recording takes milliseconds: progress is updated several times a second, and a stop is noticed quickly.
_PAGE_RECORDINGS: Final = 20


@dataclass(frozen=True)
class _Page:
    """Hits by recording, in the recordings after those of an earlier page."""

    hits: dict[str, list[Hit]]

    @property
    def is_last(self) -> bool:
        return len(self.hits) < _PAGE_RECORDINGS


def run(work: TaskWork) -> Publish:
    """Continue where an earlier run stopped. Each page publishes itself."""
    is_last = False
    while not is_last:
        page = _look(work)
        _publish(work, page)
        is_last = page.is_last

    def publish(_session: Session) -> None:
        """The last page is published already."""

    return publish


def _look(work: TaskWork) -> _Page:
    with work.context.database.read() as session:
        task = tasks.get(session, work.task.id)
        ids = watch_terms.searchable_after(session, task.result["cursor"], _PAGE_RECORDINGS)
        return _Page({recording_id: hits_in(session, task.parameters["query"], recording_id) for recording_id in ids})


def _publish(work: TaskWork, page: _Page) -> None:
    """INVARIANT: findings and progress become visible together, and only while the task is ours.

    It is not once the term's query was changed or the term disabled, which ends the task. The term is locked first, as
    by those who change it.
    """
    with work.context.database.write() as session:
        term = watch_terms.get(session, work.task.parameters["watch_term_id"], lock=True)
        task = tasks.get(session, work.task.id, lock=True)
        if not leases.is_held(task, work.task.lease_owner or ""):
            raise LeaseLostError("this work was ended or taken by another worker")
        for recording_id, hits in page.hits.items():
            recordings.get(session, recording_id, lock=True)
            keep(session, term.id, recording_id, hits)
        _advance(task, page)
        session.add(task)
    work.progress(task.result["done_count"] / max(1, task.result["total_count"]))


def _advance(task: Task, page: _Page) -> None:
    done = task.result["done_count"] + len(page.hits)
    # Recordings may have been purged or added since they were counted.
    total = done if page.is_last else max(done, task.result["total_count"])
    cursor = next(reversed(page.hits), task.result["cursor"])
    task.result = {"cursor": cursor, "done_count": done, "total_count": total}
