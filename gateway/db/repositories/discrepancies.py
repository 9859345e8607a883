"""Queries on discrepancies."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from gateway.core.reconcile import DiscrepancyKind
from gateway.db.models import Discrepancy
from gateway.db.paging import Page, page_of

OPEN: Final = (col(Discrepancy.repaired_at).is_(None), col(Discrepancy.gone_at).is_(None))


def open_of(session: Session, recording_id: str | None) -> dict[tuple[DiscrepancyKind, str], Discrepancy]:
    """Return a recording's open discrepancies (None: those without a recording), by kind and file name."""
    query = select(Discrepancy).where(Discrepancy.recording_id == recording_id, *OPEN)
    return {(row.kind, row.name): row for row in session.exec(query)}


def open_of_kinds(session: Session, kinds: Collection[DiscrepancyKind]) -> list[Discrepancy]:
    """Return open ones of these kinds, of any recording."""
    return list(session.exec(select(Discrepancy).where(col(Discrepancy.kind).in_(kinds), *OPEN)))


def note(
    session: Session, recording_id: str | None, kind: DiscrepancyKind, name: str, detail: str, at: datetime
) -> None:
    """Store a discrepancy: found for the first time, or seen again."""
    row = open_of(session, recording_id).get((kind, name)) or Discrepancy(
        recording_id=recording_id, kind=kind, name=name, found_at=at
    )
    row.detail, row.seen_at = detail, at
    session.add(row)
    session.flush()


def close_others(
    session: Session,
    recording_id: str | None,
    still: Collection[tuple[DiscrepancyKind, str]],
    looked_for: Collection[DiscrepancyKind],
    at: datetime,
) -> None:
    """Close those of the checked kinds that were not found any more."""
    for (kind, name), row in open_of(session, recording_id).items():
        if kind in looked_for and (kind, name) not in still:
            row.gone_at = at
            session.add(row)


def set_repaired(session: Session, recording_id: str, kind: DiscrepancyKind, name: str, at: datetime) -> None:
    """Mark it as repaired from the good copy."""
    row = open_of(session, recording_id).get((kind, name))
    if row is not None:
        row.repaired_at = at
        session.add(row)


def open_counts(session: Session) -> dict[DiscrepancyKind, int]:
    """Count open ones by kind, including zeros."""
    query = select(Discrepancy.kind, func.count()).where(*OPEN).group_by(Discrepancy.kind)
    found = {kind: count for kind, count in session.exec(query)}  # noqa: C416 - rows are not plain tuples to mypy
    return {kind: found.get(kind, 0) for kind in DiscrepancyKind}


def page(
    session: Session, *, only_open: bool, kind: DiscrepancyKind | None, limit: int, cursor: str | None
) -> Page[Discrepancy]:
    """Return a page of discrepancies, most recently found first."""
    query = select(Discrepancy)
    if only_open:
        query = query.where(*OPEN)
    if kind:
        query = query.where(Discrepancy.kind == kind)
    return page_of(session, query, at=col(Discrepancy.found_at), key=col(Discrepancy.id), limit=limit, cursor=cursor)
