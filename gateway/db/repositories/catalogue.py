"""Lists of sessions and recordings as people browse them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from gateway.core.recording.states import RecordingState
from gateway.core.work import STAGE_ORDER
from gateway.db.models import (
    AccessSession,
    ArchiveObject,
    Gap,
    Recording,
    Rendition,
    Segment,
    Span,
    Stage,
)
from gateway.db.paging import Page, page_of


@dataclass(frozen=True)
class RecordingFilter:
    """The filter of a list of recordings. Names match in part, ignoring case.

    `connected`: whether anything was shown, which an unsealed recording may still do.
    """

    operator: str | None = None
    target: str | None = None
    before: datetime | None = None
    after: datetime | None = None
    state: RecordingState | None = None
    connected: bool | None = None


class RecordedAs(NamedTuple):
    """The recording of a session."""

    id: str
    kind: str


def sessions(
    session: Session, *, user_id: str | None, limit: int, cursor: str | None
) -> Page[tuple[AccessSession, RecordedAs | None]]:
    """Return a page of sessions, newest first, each with its recording; of one user, or of all if `user_id` is None."""
    query = select(AccessSession)
    if user_id is not None:
        query = query.where(AccessSession.user_id == user_id)
    page = page_of(
        session, query, at=col(AccessSession.opened_at), key=col(AccessSession.id), limit=limit, cursor=cursor
    )
    ids = [row.id for row in page.items]
    recorded = select(Recording.session_id, Recording.id, Recording.kind).where(col(Recording.session_id).in_(ids))
    found = {session_id: RecordedAs(key, kind) for session_id, key, kind in session.exec(recorded)}
    return page.map(lambda row: (row, found.get(row.id)))


def recordings(session: Session, wanted: RecordingFilter, *, limit: int, cursor: str | None) -> Page[Recording]:
    """Return a page of recordings, newest first."""
    query = _narrow(select(Recording), wanted)
    return page_of(session, query, at=col(Recording.started_at), key=col(Recording.id), limit=limit, cursor=cursor)


def _narrow(query: SelectOfScalar[Recording], wanted: RecordingFilter) -> SelectOfScalar[Recording]:
    if wanted.operator:
        query = query.where(col(Recording.operator_name).icontains(wanted.operator, autoescape=True))
    if wanted.target:
        query = query.where(col(Recording.target_name).icontains(wanted.target, autoescape=True))
    if wanted.before:
        query = query.where(Recording.started_at < wanted.before)
    if wanted.after:
        query = query.where(Recording.started_at >= wanted.after)
    if wanted.state:
        query = query.where(Recording.state == wanted.state)
    if wanted.connected is not None:
        query = query.where(func.coalesce(col(Recording.is_shown), true()) == wanted.connected)
    return query


def stages_of(session: Session, recording_ids: Iterable[str]) -> dict[str, list[Stage]]:
    """Return the stage rows of several recordings, each list in pipeline order."""
    found: dict[str, list[Stage]] = defaultdict(list)
    for stage in session.exec(select(Stage).where(col(Stage.recording_id).in_(list(recording_ids)))):
        found[stage.recording_id].append(stage)
    for rows in found.values():
        rows.sort(key=lambda stage: STAGE_ORDER.index(stage.name))
    return found


def with_renditions(session: Session, recording_ids: Iterable[str], name: str) -> set[str]:
    """Return which of these recordings have the rendition `name`."""
    query = select(Rendition.recording_id).where(
        col(Rendition.recording_id).in_(list(recording_ids)), Rendition.name == name
    )
    return set(session.exec(query))


def close_reasons(session: Session, session_ids: Iterable[str | None]) -> dict[str, str | None]:
    """Return why each of these sessions ended."""
    query = select(AccessSession.id, AccessSession.close_reason).where(
        col(AccessSession.id).in_([key for key in session_ids if key])
    )
    return {key: reason for key, reason in session.exec(query)}  # noqa: C416 - rows are not plain tuples to mypy


def parts_of(
    session: Session, recording_id: str
) -> tuple[Sequence[Segment], Sequence[Gap], Sequence[Rendition], Sequence[ArchiveObject]]:
    """Return everything a recording consists of."""
    return (
        _all_of(session, Segment, recording_id, col(Segment.number)),
        _all_of(session, Gap, recording_id, col(Gap.start_ms)),
        _all_of(session, Rendition, recording_id, col(Rendition.name)),
        _all_of(session, ArchiveObject, recording_id, col(ArchiveObject.name)),
    )


def _all_of(session: Session, table: Any, recording_id: str, task: Any) -> Sequence[Any]:
    return session.exec(select(table).where(table.recording_id == recording_id).order_by(task)).all()


def spans(
    session: Session, recording_id: str, *, from_ms: int, to_ms: int | None, limit: int, after_id: int
) -> Sequence[Span]:
    """Return spans visible at some time between the bounds, as they appeared; at most `limit` after `after_id`."""
    query = select(Span).where(Span.recording_id == recording_id, Span.end_ms >= from_ms, col(Span.id) > after_id)
    if to_ms is not None:
        query = query.where(Span.start_ms <= to_ms)
    return session.exec(query.order_by(col(Span.id)).limit(limit)).all()
