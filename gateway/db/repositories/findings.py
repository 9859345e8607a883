"""Queries on findings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from gateway.core.errors import NotFoundError
from gateway.core.finding import Verdict
from gateway.db.models import Finding, Recording, User, WatchTerm
from gateway.db.paging import Page, page_of

_PAGE: Final = 200


@dataclass(frozen=True)
class FindingFilter:
    """The filter of a list of findings."""

    verdict: Verdict | None = None
    watch_term_id: str | None = None
    recording_id: str | None = None
    operator: str | None = None
    target: str | None = None
    after: datetime | None = None
    before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return conditions on `Finding` joined with `Recording`. Names match whole, ignoring case."""
        wanted = {
            col(Finding.verdict): self.verdict,
            col(Finding.watch_term_id): self.watch_term_id,
            col(Finding.recording_id): self.recording_id,
            func.lower(Recording.operator_name): self.operator and self.operator.lower(),
            func.lower(Recording.target_name): self.target and self.target.lower(),
        }
        found: list[ColumnElement[bool]] = [column == value for column, value in wanted.items() if value]
        found += [col(Finding.at) >= self.after] if self.after else []
        return found + ([col(Finding.at) < self.before] if self.before else [])


@dataclass(frozen=True)
class ListedFinding:
    """A finding with the related values that lists show."""

    finding: Finding
    recording: Recording
    watch_term_name: str
    reviewed_by_name: str | None


def of_recording(session: Session, watch_term_id: str, recording_id: str) -> Sequence[Finding]:
    """Return what a watch term found in one recording, by time."""
    query = select(Finding).where(Finding.watch_term_id == watch_term_id, Finding.recording_id == recording_id)
    return session.exec(query.order_by(col(Finding.start_ms))).all()


def page(
    session: Session, wanted: FindingFilter, allowed: ColumnElement[bool], *, limit: int, cursor: str | None
) -> Page[ListedFinding]:
    """Return a page of findings in recordings for which `allowed` holds, newest moment first."""
    query = select(Finding).join(Recording, col(Recording.id) == Finding.recording_id)
    query = query.where(allowed, *wanted.conditions())
    found = page_of(session, query, at=col(Finding.at), key=col(Finding.id), limit=limit, cursor=cursor)
    shown = _listed(session, [row.id for row in found.items])
    return found.map(lambda row: shown[row.id])


def all_of(session: Session, wanted: FindingFilter, allowed: ColumnElement[bool]) -> Iterator[ListedFinding]:
    """Yield all findings of the filter in the order of the pages, read a page at a time."""
    cursor: str | None = None
    while True:
        found = page(session, wanted, allowed, limit=_PAGE, cursor=cursor)
        yield from found.items
        cursor = found.next_cursor
        if cursor is None:
            return


def get(session: Session, finding_id: str, allowed: ColumnElement[bool]) -> ListedFinding:
    """Return the finding, if it is in a recording for which `allowed` holds. Raises NotFoundError."""
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
