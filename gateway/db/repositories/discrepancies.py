"""Queries on discrepancies. Callers: reconciling (writes), the storage routes and metrics (read)."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from gateway.core.reconcile import DiscrepancyKind
from gateway.db.models import Discrepancy
from gateway.db.paging import Page, page_of

OPEN: Final = (col(Discrepancy.repaired_at).is_(None), col(Discrepancy.gone_at).is_(None))


def open_of(session: Session, recording_id: str | None) -> dict[tuple[DiscrepancyKind, str], Discrepancy]:
    """Those of a recording (None: of no recording) that are neither repaired nor gone, by kind and file name."""
    query = select(Discrepancy).where(Discrepancy.recording_id == recording_id, *OPEN)
    return {(row.kind, row.name): row for row in session.exec(query)}


def open_of_kinds(session: Session, kinds: Collection[DiscrepancyKind]) -> list[Discrepancy]:
    """Open ones of these kinds, of whatever recording."""
    return list(session.exec(select(Discrepancy).where(col(Discrepancy.kind).in_(kinds), *OPEN)))


def note(
    session: Session, recording_id: str | None, kind: DiscrepancyKind, name: str, detail: str, at: datetime
) -> None:
    """It is there: seen again, or found for the first time."""
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
    """Those of the kinds that were looked for and are not found any more are gone."""
    for (kind, name), row in open_of(session, recording_id).items():
        if kind in looked_for and (kind, name) not in still:
            row.gone_at = at
            session.add(row)


def set_repaired(session: Session, recording_id: str, kind: DiscrepancyKind, name: str, at: datetime) -> None:
    """It was repaired from the good copy."""
    row = open_of(session, recording_id).get((kind, name))
    if row is not None:
        row.repaired_at = at
        session.add(row)


def open_counts(session: Session) -> dict[DiscrepancyKind, int]:
    """Number of open ones by kind; kinds without any are there with 0."""
    query = select(Discrepancy.kind, func.count()).where(*OPEN).group_by(Discrepancy.kind)
    found = {kind: count for kind, count in session.exec(query)}  # noqa: C416 - rows are not plain tuples to mypy
    return {kind: found.get(kind, 0) for kind in DiscrepancyKind}


def page(
    session: Session, *, only_open: bool, kind: DiscrepancyKind | None, limit: int, cursor: str | None
) -> Page[Discrepancy]:
    """Discrepancies, the one found last first."""
    query = select(Discrepancy)
    if only_open:
        query = query.where(*OPEN)
    if kind:
        query = query.where(Discrepancy.kind == kind)
    return page_of(session, query, at=col(Discrepancy.found_at), key=col(Discrepancy.id), limit=limit, cursor=cursor)
