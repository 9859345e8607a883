"""The task kind `watch`: a watch term's query on every recording there was when it was asked for, page by page.

A page's findings and the progress are one transaction, and a page counts only while this run holds the task and the
term asks the same: a worker may be killed at any point. Recordings that become searchable meanwhile are watched by their
index stage (`gateway.search.watch`).
"""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from gateway.db.models import Task
from gateway.db.repositories import leases, recordings, tasks, watch_terms
from gateway.search import Hit
from gateway.search.watch import hits_in, keep
from workers.running.lease import LeaseLostError
from workers.running.work import Publish
from workers.tasks.work import TaskWork

# Looking one recording through takes milliseconds: progress moves several times a second, and a stop is soon seen.
_PAGE_RECORDINGS: Final = 20


@dataclass(frozen=True)
class _Page:
    """Hits by recording, in the recordings that follow those of an earlier page."""

    hits: dict[str, list[Hit]]

    @property
    def is_last(self) -> bool:
        return len(self.hits) < _PAGE_RECORDINGS


def run(work: TaskWork) -> Publish:
    """Go on from where an earlier run came to, to the end. Each page publishes itself."""
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

    It is not once the term's query was changed or the term disabled: that ends the task. The term is locked first, as
    who changes it does.
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
    # Recordings may have been purged since they were counted, or have come.
    total = done if page.is_last else max(done, task.result["total_count"])
    cursor = next(reversed(page.hits), task.result["cursor"])
    task.result = {"cursor": cursor, "done_count": done, "total_count": total}
