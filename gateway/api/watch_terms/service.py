"""Rules on watch terms. Caller: the endpoints."""

from functools import partial

from sqlmodel import Session

from gateway.api.watch_terms.schemas import WatchTermChange, WatchTermNew
from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError
from gateway.core.finding import UNFINISHED, BacklogState
from gateway.core.jobs import WATCH_TERM_RUN_BACKLOG
from gateway.db.columns import utc_now
from gateway.db.database import after_commit
from gateway.db.models import User, WatchTerm
from gateway.db.repositories import watch_terms
from gateway.pipeline import SendJob
from gateway.search.query import parse
from gateway.search.spans import hold_writes


def create(session: Session, new: WatchTermNew, user: User, actor: Actor) -> WatchTerm:
    """Add a watch term. Raises ConflictError when the name is taken, QueryError with what to write instead.

    INVARIANT: a recording whose index stage ends after this is watched, and any other is already searchable and so in
    the backlog, because stages that are just ending are waited for.
    """
    hold_writes(session)
    _refuse_taken(session, new.name)
    parse(new.query)
    term = WatchTerm(name=new.name, query=new.query, created_by=user.id)
    session.add(term)
    session.flush()
    record(session, AuditTag.WATCH_TERM_CREATED, actor, subject_id=term.id, name=term.name, query=term.query)
    return term


def change(session: Session, watch_term_id: str, wanted: WatchTermChange, actor: Actor) -> WatchTerm:
    """Change a watch term. A new query begins a backlog that is under way anew; disabling stops it."""
    hold_writes(session)  # see `create`; before the row, as the index stage takes them in this order
    term = watch_terms.get(session, watch_term_id, lock=True)
    if wanted.name is not None and wanted.name != term.name:
        _refuse_taken(session, wanted.name)
        term.name = wanted.name
    if wanted.query is not None and wanted.query != term.query:
        parse(wanted.query)
        term.query = wanted.query
        if term.backlog_state in UNFINISHED:
            _restart(session, term)
    if wanted.disabled is not None and wanted.disabled == (term.disabled_at is None):
        term.disabled_at = utc_now() if wanted.disabled else None
    if term.disabled_at is not None and term.backlog_state in UNFINISHED:
        term.backlog_state = BacklogState.IDLE
    session.add(term)
    given = wanted.model_dump(exclude_none=True)
    record(session, AuditTag.WATCH_TERM_CHANGED, actor, subject_id=term.id, **given)
    return term


def ask_backlog(session: Session, watch_term_id: str, actor: Actor, send_job: SendJob) -> WatchTerm:
    """Have it run over all recordings there are; the job leaves after commit.

    Raises NotFoundError, and ConflictError where it is disabled or at it already.
    """
    term = watch_terms.get(session, watch_term_id, lock=True)
    if term.disabled_at is not None:
        raise ConflictError("the watch term is disabled; enable it first")
    if term.backlog_state in UNFINISHED:
        raise ConflictError("the watch term is going through the backlog already")
    _restart(session, term)
    session.add(term)
    record(session, AuditTag.WATCH_TERM_BACKLOG_ASKED, actor, subject_id=term.id, query=term.query)
    after_commit(session, partial(send_job, WATCH_TERM_RUN_BACKLOG, term.id))
    return term


def _restart(session: Session, term: WatchTerm) -> None:
    term.backlog_state = BacklogState.QUEUED
    term.backlog_cursor, term.backlog_done_count = "", 0
    term.backlog_total_count = watch_terms.searchable_count(session)
    term.backlog_moved_at = utc_now()


def _refuse_taken(session: Session, name: str) -> None:
    if watch_terms.by_name(session, name) is not None:
        raise ConflictError(f"there is a watch term {name} already")
