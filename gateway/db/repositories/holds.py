"""Queries on holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from gateway.core.errors import NotFoundError
from gateway.db.models import ArchiveObject, Hold, Recording
from gateway.db.paging import Page, page_of

_ACTIVE: Final = col(Hold.released_at).is_(None)


@dataclass(frozen=True)
class HoldFilter:
    """The filter of a list of holds. A case number matches in part, ignoring case."""

    active: bool | None = None
    case_number: str | None = None
    recording_id: str | None = None


def get(session: Session, hold_id: str) -> Hold:
    """Return the hold, locked to the end of the transaction. Raises NotFoundError."""
    hold = session.exec(select(Hold).where(Hold.id == hold_id).with_for_update()).one_or_none()
    if hold is None:
        raise NotFoundError("there is no such hold")
    return hold


def active(session: Session, recording_id: str) -> list[Hold]:
    """Return the recording's holds that were not released, oldest first."""
    query = select(Hold).where(Hold.recording_id == recording_id, _ACTIVE).order_by(col(Hold.placed_at))
    return list(session.exec(query))


def held(session: Session, recording_ids: Iterable[str]) -> set[str]:
    """Return which of these recordings are held."""
    query = select(Hold.recording_id).where(col(Hold.recording_id).in_(list(recording_ids)), _ACTIVE)
    return set(session.exec(query))


def listed(session: Session, wanted: HoldFilter, *, limit: int, cursor: str | None) -> Page[tuple[Hold, Recording]]:
    """Return a page of holds, newest first, each with its recording."""
    query = select(Hold)
    if wanted.active is not None:
        query = query.where(_ACTIVE if wanted.active else ~_ACTIVE)
    if wanted.case_number:
        query = query.where(col(Hold.case_number).icontains(wanted.case_number, autoescape=True))
    if wanted.recording_id:
        query = query.where(Hold.recording_id == wanted.recording_id)
    page = page_of(session, query, at=col(Hold.placed_at), key=col(Hold.id), limit=limit, cursor=cursor)
    ids = {hold.recording_id for hold in page.items}
    found = {row.id: row for row in session.exec(select(Recording).where(col(Recording.id).in_(ids)))}
    return page.map(lambda hold: (hold, found[hold.recording_id]))


def unlike_archive(session: Session, limit: int) -> list[tuple[ArchiveObject, bool]]:
    """Return archived objects whose legal hold does not match the recording's holds, each with what it should be."""
    held: ColumnElement[bool] = exists().where(col(Hold.recording_id) == ArchiveObject.recording_id, _ACTIVE)
    query = select(ArchiveObject).where(held != col(ArchiveObject.legal_hold)).limit(limit)
    return [(stored, not stored.legal_hold) for stored in session.exec(query)]
