"""Queries on findings. Callers: the API, `gateway.search.watch`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from gateway.core.errors import NotFoundError
from gateway.core.finding import Verdict
from gateway.db.models import Finding, Recording, User, WatchTerm
from gateway.db.paging import Page, page_of


@dataclass(frozen=True)
class FindingFilter:
    """What a list of findings is narrowed by."""

    verdict: Verdict | None = None
    watch_term_id: str | None = None
    recording_id: str | None = None


@dataclass(frozen=True)
class ListedFinding:
    """A finding with what is shown beside it."""

    finding: Finding
    recording: Recording
    watch_term_name: str
    reviewed_by_name: str | None


def of_recording(session: Session, watch_term_id: str, recording_id: str) -> Sequence[Finding]:
    """What a watch term found in one recording, by time."""
    query = select(Finding).where(Finding.watch_term_id == watch_term_id, Finding.recording_id == recording_id)
    return session.exec(query.order_by(col(Finding.start_ms))).all()


def page(
    session: Session, wanted: FindingFilter, allowed: ColumnElement[bool], *, limit: int, cursor: str | None
) -> Page[ListedFinding]:
    """Findings by their moment, newest first; of recordings for which `allowed` holds."""
    query = select(Finding).join(Recording, col(Recording.id) == Finding.recording_id).where(allowed)
    if wanted.verdict is not None:
        query = query.where(Finding.verdict == wanted.verdict)
    if wanted.watch_term_id is not None:
        query = query.where(Finding.watch_term_id == wanted.watch_term_id)
    if wanted.recording_id is not None:
        query = query.where(Finding.recording_id == wanted.recording_id)
    found = page_of(session, query, at=col(Finding.at), key=col(Finding.id), limit=limit, cursor=cursor)
    shown = _listed(session, [row.id for row in found.items])
    return found.map(lambda row: shown[row.id])


def get(session: Session, finding_id: str, allowed: ColumnElement[bool]) -> ListedFinding:
    """The finding, if it is of a recording for which `allowed` holds. Raises NotFoundError."""
    query = select(Finding.id).join(Recording, col(Recording.id) == Finding.recording_id)
    found = session.exec(query.where(Finding.id == finding_id, allowed)).one_or_none()
    if found is None:
        raise NotFoundError("there is no such finding")
    return _listed(session, [found])[found]


def _listed(session: Session, ids: Sequence[str]) -> dict[str, ListedFinding]:
    query = (
        select(Finding, Recording, WatchTerm.name, User.display_name)
        .join(Recording, col(Recording.id) == Finding.recording_id)
        .join(WatchTerm, col(WatchTerm.id) == Finding.watch_term_id)
        .outerjoin(User, col(User.id) == Finding.reviewed_by)
        .where(col(Finding.id).in_(ids))
    )
    return {row[0].id: ListedFinding(*row) for row in session.exec(query)}
