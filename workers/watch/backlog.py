"""The backlog of a watch term: its query on every recording there was when it was asked for, page by page.

Called by the job `watch_term.run_backlog`. A page's findings and the progress are one transaction, and a page counts
only if nobody else has moved the term meanwhile: a worker may be killed at any point, the job may come twice.
Recordings that become searchable meanwhile are watched by their index stage (`gateway.search.watch`).
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import OperationalError

from gateway.core.finding import UNFINISHED, BacklogState
from gateway.db.columns import utc_now
from gateway.db.models import WatchTerm
from gateway.db.repositories import recordings, watch_terms
from gateway.search import Hit
from gateway.search.watch import hits_in, keep
from gateway.telemetry import get_logger
from workers.work import WorkerContext

# Looking one recording through takes milliseconds: progress moves several times a second, and a stop is soon seen.
_PAGE_RECORDINGS: Final = 20

_log = get_logger()


@dataclass(frozen=True)
class _Page:
    """Hits of `query` by recording, in the recordings that follow `cursor`."""

    query: str
    cursor: str
    hits: dict[str, list[Hit]]

    @property
    def is_last(self) -> bool:
        return len(self.hits) < _PAGE_RECORDINGS


def run_backlog(context: WorkerContext, watch_term_id: str) -> None:
    """Go on with the term's backlog to its end, or until it is stopped. Raises NotFoundError."""
    try:
        while (page := _look(context, watch_term_id)) is not None:
            _publish(context, watch_term_id, page)
    except OperationalError:  # the database is away; the timer sends the job again
        raise
    except Exception:
        _log.exception("watch_term.backlog_failed", watch_term_id=watch_term_id)
        _end(context, watch_term_id, BacklogState.FAILED)
        raise


def _look(context: WorkerContext, watch_term_id: str) -> _Page | None:
    with context.database.read() as session:
        term = watch_terms.get(session, watch_term_id)
        if term.backlog_state not in UNFINISHED:
            return None
        ids = watch_terms.searchable_after(session, term.backlog_cursor, _PAGE_RECORDINGS)
        hits = {recording_id: hits_in(session, term.query, recording_id) for recording_id in ids}
        return _Page(term.query, term.backlog_cursor, hits)


def _publish(context: WorkerContext, watch_term_id: str, page: _Page) -> None:
    """INVARIANT: findings and progress become visible together, and only if the term still is where the page begins."""
    with context.database.write() as session:
        term = watch_terms.get(session, watch_term_id, lock=True)
        if term.backlog_state not in UNFINISHED or (term.query, term.backlog_cursor) != (page.query, page.cursor):
            return
        for recording_id, hits in page.hits.items():
            recordings.get(session, recording_id, lock=True)
            keep(session, term.id, recording_id, hits)
        _advance(term, page)
        session.add(term)
    if page.is_last:
        _log.info("watch_term.backlog_finished", watch_term_id=term.id, recording_count=term.backlog_done_count)


def _advance(term: WatchTerm, page: _Page) -> None:
    term.backlog_state = BacklogState.DONE if page.is_last else BacklogState.RUNNING
    term.backlog_cursor = next(reversed(page.hits), term.backlog_cursor)
    term.backlog_done_count += len(page.hits)
    more_than_expected = term.backlog_done_count > term.backlog_total_count
    if page.is_last or more_than_expected:
        term.backlog_total_count = term.backlog_done_count
    term.backlog_moved_at = utc_now()


def _end(context: WorkerContext, watch_term_id: str, state: BacklogState) -> None:
    with context.database.write() as session:
        term = watch_terms.get(session, watch_term_id, lock=True)
        term.backlog_state = state
        session.add(term)
