"""Queries on exports and their links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from gateway.core.errors import NotFoundError
from gateway.core.work import UNFINISHED
from gateway.db.models import Export, ExportLink, Recording, Task
from gateway.db.paging import Page, page_of


@dataclass(frozen=True)
class ListedExport:
    """An export with its task and recording, and its links by age."""

    export: Export
    task: Task
    recording: Recording
    links: Sequence[ExportLink]


def get(session: Session, export_id: str, *, lock: bool = False) -> Export:
    """Return the export; `lock` keeps it from other writers to the end of the transaction. Raises NotFoundError."""
    query = select(Export).where(Export.id == export_id)
    export = session.exec(query.with_for_update() if lock else query).one_or_none()
    if export is None:
        raise NotFoundError("there is no such export")
    return export


def of_task(session: Session, task_id: str) -> Export | None:
    """Return the export that a task makes."""
    return session.exec(select(Export).where(Export.task_id == task_id)).one_or_none()


def of_recording(session: Session, recording_id: str) -> list[Export]:
    """Return all exports of a recording, removed ones too, oldest first."""
    query = select(Export).where(Export.recording_id == recording_id).order_by(col(Export.created_at), col(Export.id))
    return list(session.exec(query))


def page(session: Session, *, recording_id: str | None, limit: int, cursor: str | None) -> Page[ListedExport]:
    """Return a page of the exports of a recording, or of all, newest first."""
    query = select(Export)
    if recording_id is not None:
        query = query.where(Export.recording_id == recording_id)
    found = page_of(session, query, at=col(Export.created_at), key=col(Export.id), limit=limit, cursor=cursor)
    return Page(listed(session, found.items), found.next_cursor)


def listed(session: Session, rows: Sequence[Export]) -> list[ListedExport]:
    """Return these exports with what belongs to them, in three queries whatever their number."""
    wanted = {row.task_id for row in rows}
    found = {row.id: row for row in session.exec(select(Task).where(col(Task.id).in_(wanted)))}
    about = {row.recording_id for row in rows}
    named = {row.id: row for row in session.exec(select(Recording).where(col(Recording.id).in_(about)))}
    all_links = links(session, [row.id for row in rows])
    return [
        ListedExport(
            row,
            found[row.task_id],
            named[row.recording_id],
            [link for link in all_links if link.export_id == row.id],
        )
        for row in rows
    ]


def past(session: Session, now: datetime, limit: int) -> list[str]:
    """Return ids of expired exports whose task is not running any more."""
    query = (
        select(Export.id)
        .join(Task, col(Task.id) == col(Export.task_id))
        .where(col(Export.removed_at).is_(None), col(Export.expires_at) <= now, col(Task.state).not_in(UNFINISHED))
        .order_by(col(Export.expires_at))
        .limit(limit)
    )
    return list(session.exec(query))


def links(session: Session, export_ids: Sequence[str]) -> list[ExportLink]:
    """Return all links of these exports, oldest first."""
    query = select(ExportLink).where(col(ExportLink.export_id).in_(export_ids))
    return list(session.exec(query.order_by(col(ExportLink.created_at), col(ExportLink.id))))


def link(session: Session, export_id: str, link_id: str) -> ExportLink:
    """Return a link of an export, locked to the end of the transaction. Raises NotFoundError."""
    query = select(ExportLink).where(ExportLink.id == link_id, ExportLink.export_id == export_id).with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFoundError("there is no such link")
    return found


def link_of_hash(session: Session, token_hash: str, *, lock: bool = False) -> ExportLink | None:
    """Return the link whose secret has this SHA-256 (hex), None if there is none."""
    query = select(ExportLink).where(ExportLink.token_hash == token_hash)
    return session.exec(query.with_for_update() if lock else query).one_or_none()
