"""Rules for watch terms."""

from sqlmodel import Session

from gateway.api.watch_terms.schemas import WatchTermChange, WatchTermNew
from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError
from gateway.core.work import UNFINISHED, TaskKind, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Task, User, WatchTerm
from gateway.db.repositories import tasks, watch_terms
from gateway.search.query import parse
from gateway.search.spans import hold_writes
from gateway.work.stages import SendJob
from gateway.work.tasks import place


def create(session: Session, new: WatchTermNew, user: User, actor: Actor) -> WatchTerm:
    """Create a watch term. Raises ConflictError if the name is taken, QueryError for an invalid query.

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


def change(session: Session, watch_term_id: str, wanted: WatchTermChange, actor: Actor, send_job: SendJob) -> WatchTerm:
    """Change a watch term. A new query restarts an unfinished backlog run; disabling stops it."""
    hold_writes(session)  # see `create`; before the row, as the index stage takes them in this task
    term = watch_terms.get(session, watch_term_id, lock=True)
    if wanted.name is not None and wanted.name != term.name:
        _refuse_taken(session, wanted.name)
        term.name = wanted.name
    if wanted.query is not None and wanted.query != term.query:
        parse(wanted.query)
        term.query = wanted.query
        if _stop(session, term, "stopped: the query was changed"):
            _run(session, term, actor, send_job)
    if wanted.disabled is not None and wanted.disabled == (term.disabled_at is None):
        term.disabled_at = utc_now() if wanted.disabled else None
    if term.disabled_at is not None:
        _stop(session, term, "stopped: the watch term was disabled")
    session.add(term)
    given = wanted.model_dump(exclude_none=True)
    record(session, AuditTag.WATCH_TERM_CHANGED, actor, subject_id=term.id, **given)
    return term


def request_backlog(session: Session, watch_term_id: str, actor: Actor, send_job: SendJob) -> WatchTerm:
    """Request a run on all existing recordings; the job is sent after commit.

    Raises NotFoundError, or ConflictError if the term is disabled or already running.
    """
    term = watch_terms.get(session, watch_term_id, lock=True)
    if term.disabled_at is not None:
        raise ConflictError("the watch term is disabled; enable it first")
    if _unfinished(session, term) is not None:
        raise ConflictError("the watch term is already running on the backlog")
    _run(session, term, actor, send_job)
    record(session, AuditTag.WATCH_TERM_BACKLOG_ASKED, actor, subject_id=term.id, query=term.query)
    return term


def _run(session: Session, term: WatchTerm, actor: Actor, send_job: SendJob) -> None:
    """Place the task; its result holds the position reached so far."""
    task = place(session, TaskKind.WATCH, actor, send_job, watch_term_id=term.id, query=term.query)
    task.result = {"cursor": "", "done_count": 0, "total_count": watch_terms.searchable_count(session)}
    term.backlog_id = task.id
    session.add_all([task, term])


def _stop(session: Session, term: WatchTerm, why: str) -> bool:
    """Stop the unfinished task; return whether there was one. Its worker notices at the next page."""
    task = _unfinished(session, term)
    if task is None:
        return False
    task.state, task.error, task.finished_at = WorkState.FAILED, why, utc_now()
    task.lease_owner = task.lease_until_at = task.not_before_at = None
    session.add(task)
    session.flush()
    return True


def _unfinished(session: Session, term: WatchTerm) -> Task | None:
    if term.backlog_id is None:
        return None
    task = tasks.get(session, term.backlog_id, lock=True)
    return task if task.state in UNFINISHED else None


def _refuse_taken(session: Session, name: str) -> None:
    if watch_terms.by_name(session, name) is not None:
        raise ConflictError(f"a watch term named {name} already exists; choose another name")
