"""The hits of a query by recording: how many, when, and the best of each.

Caller: `gateway.api.search`. Recordings come newest first, by when they started. They are gone through in windows, the
first as large as a page and each next one larger: a common word fills the page from the first window, and for a rare
one a few queries reach the oldest recording. Within a window one statement counts the hits of all its recordings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, not_, or_, select, union_all
from sqlmodel import Session, col

from gateway.core.errors import InvalidInputError
from gateway.core.finding import Match
from gateway.db.models import Recording, Span
from gateway.db.paging import decode_cursor, encode_cursor
from gateway.search.coverage import SearchCoverage, covered
from gateway.search.hits import MAX_PAGE, Hit, bounds, index_of, read_hits
from gateway.search.nearness import Nearness
from gateway.search.query import Query, parse
from gateway.search.scope import Scope
from gateway.search.spans import id_at

# A strip of times is some hundred pixels wide; more marks than this would only run into one another.
MAX_TICKS: Final = 200
# Each window is this many times the one before: a million recordings are ten windows away.
_GROWTH: Final = 4

_Position = tuple[datetime, str]


@dataclass(frozen=True)
class Tick:
    """A moment on the strip of a recording."""

    offset_ms: int
    match: Match


@dataclass(frozen=True)
class RecordingHits:
    """A recording's hits. `offsets_ms`: the first MAX_TICKS by time; `best`: the newest, of the exact if there are."""

    recording_id: str
    operator_name: str
    target_name: str
    protocol: str
    started_at: datetime
    duration_ms: int | None
    hit_count: int
    offsets_ms: Sequence[Tick]
    best: Hit


@dataclass(frozen=True)
class GroupedAnswer:
    """A page of recordings. `message` is for the person who asked: why there can be none, what was left out."""

    items: Sequence[RecordingHits]
    next_cursor: str | None
    recordings_searched: int
    coverage: SearchCoverage
    message: str | None


def search_recordings(
    session: Session, text: str, scope: Scope, *, limit: int = 50, cursor: str | None = None
) -> GroupedAnswer:
    """Recordings with hits of a query, among those in the scope. Raises QueryError; InvalidInputError on a cursor."""
    query = parse(text)
    coverage = covered(session, query, scope)
    limit = max(1, min(limit, MAX_PAGE))
    groups = _Groups(session, query, scope)
    rows = groups.page(_position(cursor) if cursor else None, limit + 1)
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return GroupedAnswer(
        items=groups.read(shown),
        next_cursor=encode_cursor(last.started_at, last.id) if last else None,
        recordings_searched=coverage.recordings,
        coverage=coverage,
        message="; ".join(query.notes) or None,
    )


def _position(cursor: str) -> _Position:
    at, key = decode_cursor(cursor)
    if not isinstance(key, str):
        raise InvalidInputError("the cursor is not one this list gave out")
    return at, key


class _Groups:
    """All recordings with hits of one query, from any position on."""

    def __init__(self, session: Session, query: Query, scope: Scope) -> None:
        self._session = session
        self._query = query
        self._index = index_of(session)
        self._nearness = Nearness(session, self._index, query)
        self._first_id, self._end_id = bounds(session, query, scope)
        self._recordings = and_(scope.condition(), col(Recording.searchable_at).is_not(None))

    def page(self, position: _Position | None, limit: int) -> list[Row[Any]]:
        """The first recordings behind the position."""
        found: list[Row[Any]] = []
        for within, since in self._windows(position, limit):
            found += self._counted(within, since, limit - len(found))
            if len(found) == limit:
                break
        return found

    def _windows(self, position: _Position | None, size: int) -> Iterator[tuple[ColumnElement[bool], datetime | None]]:
        """Conditions on recordings, and the time none of them started before (None: the window has no end)."""
        while True:
            behind = self._recordings if position is None else and_(self._recordings, _before(position))
            moment = select(col(Recording.started_at), col(Recording.id)).where(behind)
            edge = self._run(_newest_first(moment).offset(size - 1).limit(1)).first()
            if edge is None:
                yield behind, None
                return
            position = edge.started_at, edge.id
            yield and_(behind, not_(_before(position))), edge.started_at
            size *= _GROWTH

    def _counted(self, within: ColumnElement[bool], since: datetime | None, limit: int) -> Sequence[Row[Any]]:
        hits = self._matches(since, self._end_of(within) if since else None).subquery()
        exact_id = func.max(case((hits.c.is_exact == 1, hits.c.id)))
        counted = (
            select(
                col(Recording.id),
                col(Recording.started_at),
                func.count().label("hit_count"),
                exact_id.label("exact_id"),
                func.max(hits.c.id).label("last_id"),
            )
            .join_from(hits, Span, col(Span.id) == hits.c.id)
            .join(Recording, col(Recording.id) == col(Span.recording_id))
            .where(within)
            .group_by(col(Recording.id), col(Recording.started_at))
        )
        rows: Sequence[Row[Any]] = self._run(_newest_first(counted).limit(limit)).all()
        return rows

    def _end_of(self, within: ColumnElement[bool]) -> int:
        """Where the ids of the spans of these recordings end: later pages need not walk through all that is newer."""
        last = select(func.max(col(Span.id))).where(col(Span.recording_id) == col(Recording.id)).scalar_subquery()
        newest: int | None = self._run(select(func.max(last)).select_from(Recording).where(within)).scalar()
        return 0 if newest is None else newest + 1

    def _matches(self, since: datetime | None, end_id: int | None) -> Select[Any]:
        """Hits with an id below `end_id`, in recordings that started at `since` or later: each once, and if exact."""
        exact = self._bounded(self._index.exact_ids(self._query.group), since, end_id)
        tolerant = self._bounded(self._index.tolerant_ids(self._query.group), since, end_id)
        exact_hits = self._nearness.narrowed(exact, is_exact=True).subquery()
        tolerant_hits = self._nearness.narrowed(tolerant, is_exact=False).subquery()
        both = union_all(
            select(exact_hits.c[0].label("id"), literal(1).label("is_exact")),
            select(tolerant_hits.c[0].label("id"), literal(0).label("is_exact")),
        ).subquery()
        return select(both.c.id, func.max(both.c.is_exact).label("is_exact")).group_by(both.c.id)

    def _bounded(self, ids: Select[Any], since: datetime | None, end_id: int | None) -> Select[Any]:
        """Within these bounds and the times asked for. No span's id is before its recording's start."""
        (key,) = ids.selected_columns
        firsts = [first for first in (self._first_id, id_at(since) if since else None) if first is not None]
        ends = [end for end in (self._end_id, end_id) if end is not None]
        if firsts:
            ids = ids.where(key >= max(firsts))
        return ids.where(key < min(ends)) if ends else ids

    def read(self, rows: Sequence[Row[Any]]) -> list[RecordingHits]:
        """What is shown of the recordings that were counted: three queries, however many they are."""
        if not rows:
            return []
        best = {row.exact_id or row.last_id: Match.EXACT if row.exact_id else Match.TOLERANT for row in rows}
        hits = {hit.recording_id: hit for hit in read_hits(self._session, best, self._query.group)}
        ticks = self._ticks(rows)
        durations = select(col(Recording.id), col(Recording.duration_ms)).where(col(Recording.id).in_(hits))
        duration_ms: dict[str, int | None] = {key: value for key, value in self._run(durations)}  # noqa: C416 - rows are not plain tuples to mypy
        return [_shown(row, hits[row.id], ticks[row.id], duration_ms[row.id]) for row in rows]

    def _ticks(self, rows: Sequence[Row[Any]]) -> Mapping[str, list[Tick]]:
        recording_ids = [row.id for row in rows]
        hits = self._matches(rows[-1].started_at, max(row.last_id for row in rows) + 1).subquery()
        number = func.row_number().over(
            partition_by=col(Span.recording_id), order_by=(col(Span.start_ms), col(Span.id))
        )
        numbered = (
            select(col(Span.recording_id), col(Span.start_ms), hits.c.is_exact, number.label("number"))
            .join_from(hits, Span, col(Span.id) == hits.c.id)
            .where(col(Span.recording_id).in_(recording_ids))
            .subquery()
        )
        first = select(numbered).where(numbered.c.number <= MAX_TICKS).order_by(numbered.c.number)
        ticks: dict[str, list[Tick]] = {key: [] for key in recording_ids}
        for row in self._run(first):
            ticks[row.recording_id].append(Tick(row.start_ms, Match.EXACT if row.is_exact else Match.TOLERANT))
        return ticks

    def _run(self, query: Any) -> Any:
        return self._session.connection().execute(query)


def _before(position: _Position) -> ColumnElement[bool]:
    """Recordings behind this one, newest first."""
    at, key = position
    started_at = col(Recording.started_at)
    return or_(started_at < at, and_(started_at == at, col(Recording.id) < key))


def _newest_first(query: Any) -> Any:
    return query.order_by(col(Recording.started_at).desc(), col(Recording.id).desc())


def _shown(row: Row[Any], best: Hit, ticks: Sequence[Tick], duration_ms: int | None) -> RecordingHits:
    return RecordingHits(
        recording_id=row.id,
        operator_name=best.operator_name,
        target_name=best.target_name,
        protocol=best.protocol,
        started_at=row.started_at,
        duration_ms=duration_ms,
        hit_count=row.hit_count,
        offsets_ms=ticks,
        best=best,
    )
