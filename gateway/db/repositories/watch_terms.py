"""Queries on watch terms: the terms, their findings, and the recordings of a backlog."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from gateway.core.errors import NotFoundError
from gateway.core.finding import Verdict
from gateway.db.models import Finding, Recording, Task, User, WatchTerm


@dataclass(frozen=True)
class ListedTerm:
    """A watch term with its newest backlog task, its creator's name and the counts of its findings."""

    term: WatchTerm
    backlog: Task | None
    created_by_name: str
    finding_count: int
    open_count: int


def get(session: Session, watch_term_id: str, *, lock: bool = False) -> WatchTerm:
    """Return the watch term; `lock` keeps it from other writers to the end of the transaction. Raises NotFoundError."""
    query = select(WatchTerm).where(WatchTerm.id == watch_term_id)
    # The weaker lock on PostgreSQL: rows of findings that refer to the term can still be inserted.
    term = session.exec(query.with_for_update(key_share=True) if lock else query).one_or_none()
    if term is None:
        raise NotFoundError("there is no such watch term")
    return term


def by_name(session: Session, name: str) -> WatchTerm | None:
    """Return the term of this name, even if it is disabled."""
    return session.exec(select(WatchTerm).where(WatchTerm.name == name)).one_or_none()


def active(session: Session) -> Sequence[WatchTerm]:
    """Return the terms that are not disabled."""
    return session.exec(select(WatchTerm).where(col(WatchTerm.disabled_at).is_(None)).order_by(WatchTerm.id)).all()


def listed(session: Session, watch_term_id: str | None = None) -> list[ListedTerm]:
    """Return all terms by name, or the one with this id."""
    open_count = func.sum(case((col(Finding.verdict) == Verdict.OPEN, 1), else_=0)).label("open_count")
    counts = (
        select(Finding.watch_term_id, func.count().label("finding_count"), open_count)
        .group_by(col(Finding.watch_term_id))
        .subquery()
    )
    query = (
        select(
            WatchTerm,
            User.display_name,
            func.coalesce(counts.c.finding_count, 0),
            func.coalesce(counts.c.open_count, 0),
        )
        .join(User, col(User.id) == WatchTerm.created_by)
        .outerjoin(counts, counts.c.watch_term_id == WatchTerm.id)
        .order_by(col(WatchTerm.name))
    )
    if watch_term_id is not None:
        query = query.where(WatchTerm.id == watch_term_id)
    rows = session.exec(query).all()
    asked = select(Task).where(col(Task.id).in_([term.backlog_id for term, *_ in rows if term.backlog_id]))
    backlogs = {task.id: task for task in session.exec(asked)}
    return [ListedTerm(term, backlogs.get(term.backlog_id or ""), *counted) for term, *counted in rows]


def searchable_count(session: Session) -> int:
    """Count the recordings that a backlog goes through."""
    query = select(func.count()).select_from(Recording).where(col(Recording.searchable_at).is_not(None))
    return session.exec(query).one()


def searchable_after(session: Session, recording_id: str, limit: int) -> Sequence[str]:
    """Return ids of the next recordings of a backlog."""
    query = select(Recording.id).where(col(Recording.searchable_at).is_not(None), col(Recording.id) > recording_id)
    return session.exec(query.order_by(col(Recording.id)).limit(limit)).all()
