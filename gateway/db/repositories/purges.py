"""Queries on purges and tombstones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, select, text, update

from gateway.core.errors import NotFoundError
from gateway.core.policy.retention import UNDER_WAY, PurgeState
from gateway.db.models import (
    ArchiveObject,
    Finding,
    Purge,
    Recording,
    Rendition,
    Segment,
    Span,
    Tombstone,
)
from gateway.db.paging import Page, page_of


@dataclass(frozen=True)
class PurgeFilter:
    """The filter of a list of purges."""

    state: PurgeState | None = None
    recording_id: str | None = None


def get(session: Session, purge_id: str, *, lock: bool = False) -> Purge:
    """Return the purge; `lock` keeps it from other writers to the end of the transaction. Raises NotFoundError."""
    query = select(Purge).where(Purge.id == purge_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    purge = session.exec(query).one_or_none()
    if purge is None:
        raise NotFoundError("there is no such purge")
    return purge


def under_way(session: Session, recording_id: str) -> Purge | None:
    """Return the recording's purge that is marked or being carried out, or None."""
    query = select(Purge).where(Purge.recording_id == recording_id, col(Purge.state).in_(UNDER_WAY))
    return session.exec(query).first()


def due_by_recording(session: Session, recording_ids: Iterable[str]) -> dict[str, datetime]:
    """Return when the bytes of these recordings are due to be erased, for those that are marked."""
    query = select(Purge.recording_id, Purge.due_at).where(
        col(Purge.recording_id).in_(list(recording_ids)), col(Purge.state).in_(UNDER_WAY)
    )
    return dict(session.exec(query).all())


def newest(session: Session, recording_id: str) -> Purge | None:
    """Return the recording's latest purge, whatever its state, or None."""
    query = select(Purge).where(Purge.recording_id == recording_id).order_by(col(Purge.marked_at).desc())
    return session.exec(query).first()


def due(session: Session, now: datetime) -> list[str]:
    """Return ids of purges that have begun or whose grace period is over, by due time."""
    query = select(Purge.id).where(
        (col(Purge.state) == PurgeState.PURGING) | ((col(Purge.state) == PurgeState.MARKED) & (Purge.due_at <= now))
    )
    return list(session.exec(query.order_by(col(Purge.due_at))))


def marked_by_policy(session: Session) -> list[str]:
    """Return ids of purges that a policy marked and that have not begun."""
    query = select(Purge.id).where(Purge.state == PurgeState.MARKED, col(Purge.marked_by).is_(None))
    return list(session.exec(query))


def listed(session: Session, wanted: PurgeFilter, *, limit: int, cursor: str | None) -> Page[tuple[Purge, Recording]]:
    """Return a page of purges, newest first, each with its recording."""
    query = select(Purge)
    if wanted.state is not None:
        query = query.where(Purge.state == wanted.state)
    if wanted.recording_id:
        query = query.where(Purge.recording_id == wanted.recording_id)
    page = page_of(session, query, at=col(Purge.marked_at), key=col(Purge.id), limit=limit, cursor=cursor)
    found = _recordings(session, {purge.recording_id for purge in page.items})
    return page.map(lambda purge: (purge, found[purge.recording_id]))


def tombstone(session: Session, recording_id: str) -> Tombstone | None:
    """Return what is left of a purged recording, or None."""
    return session.get(Tombstone, recording_id)


def erase_text(session: Session, recording_id: str) -> tuple[int, int]:
    """Delete the recording's searchable text and empty its findings' copies of it; return the number of each.

    SQLite overwrites what it deletes (`PRAGMA secure_delete`), PostgreSQL's VACUUM frees it; docs/retention.md says
    what that means. A finding's digest is of its text, which could be guessed from it: it goes with the text.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete=ON"))
    spans = connection.execute(delete(Span).where(col(Span.recording_id) == recording_id)).rowcount
    findings = connection.execute(
        update(Finding).where(col(Finding.recording_id) == recording_id).values(text="", digest=Finding.id)
    ).rowcount
    return spans, findings


def forget_files(session: Session, recording_id: str) -> None:
    """Delete the rows of files that are not there any more."""
    tables: Iterable[type[SQLModel]] = (Segment, Rendition, ArchiveObject)
    for table in tables:
        column: Any = table.__table__.c.recording_id  # type: ignore[attr-defined]
        session.connection().execute(delete(table).where(column == recording_id))


def _recordings(session: Session, ids: Iterable[str]) -> dict[str, Recording]:
    return {row.id: row for row in session.exec(select(Recording).where(col(Recording.id).in_(list(ids))))}
