"""The hits of a query by recording: how many, when, and the best of each.

Caller: `gateway.api.search`. Recordings come newest first, by when they started. They are gone through in windows, the
first as large as a page and each next one larger: a common word fills the page from the first window, and for a rare
one a few queries reach the oldest recording. A window's hits are found by the index as for the flat search.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlmodel import Session, col

from gateway.core.errors import InvalidInputError
from gateway.core.finding import Match
from gateway.db.models import Recording, Span
from gateway.db.paging import decode_cursor, encode_cursor
from gateway.search.coverage import SearchCoverage, covered
from gateway.search.hits import MAX_PAGE, Hit, bounds, index_of, read_hits
from gateway.search.index import Range, among
from gateway.search.nearness import Nearness
from gateway.search.query import Query, parse
from gateway.search.scope import Scope
from gateway.search.spans import id_at, ids_of

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


class _Moment(NamedTuple):
    """A hit within its recording."""

    start_ms: int
    span_id: int
    match: Match


@dataclass
class _Found:
    """A recording and all its hits."""

    id: str
    started_at: datetime
    duration_ms: int | None
    moments: list[_Moment]

    @property
    def best(self) -> _Moment:
        """The newest, of the exact if there are."""
        return max(self.moments, key=lambda moment: (moment.match is Match.EXACT, moment.span_id))


class _Groups:
    """All recordings with hits of one query, from any position on."""

    def __init__(self, session: Session, query: Query, scope: Scope) -> None:
        self._session = session
        self._query = query
        self._index = index_of(session)
        self._nearness = Nearness(session, self._index, query, scope)
        self._first_id, self._end_id = bounds(session, query, scope)
        self._recordings = and_(scope.condition(), col(Recording.searchable_at).is_not(None))
        if query.before_at:  # the windows begin where there can be hits
            self._recordings = and_(self._recordings, col(Recording.started_at) < query.before_at)

    def page(self, position: _Position | None, limit: int) -> list[_Found]:
        """The first recordings behind the position."""
        found: list[_Found] = []
        for within, since in self._windows(position, limit):
            found += self._in_window(within, since)
            if len(found) >= limit:
                break
        return found[:limit]

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

    def _in_window(self, within: ColumnElement[bool], since: datetime | None) -> list[_Found]:
        """The recordings with hits among these, newest first."""
        matches = self._matches(since, self._end_of(within) if since else None)
        if not matches:
            return []
        moments: defaultdict[str, list[_Moment]] = defaultdict(list)
        spans = select(col(Span.recording_id), col(Span.start_ms), col(Span.id))
        for recording_id, start_ms, span_id in self._run(spans.where(among(self._session, col(Span.id), matches))):
            moments[recording_id].append(_Moment(start_ms, span_id, matches[span_id]))
        recordings = select(col(Recording.id), col(Recording.started_at), col(Recording.duration_ms)).where(within)
        return [
            _Found(row.id, row.started_at, row.duration_ms, sorted(moments[row.id]))
            for row in self._run(_newest_first(recordings))
            if row.id in moments
        ]

    def _end_of(self, within: ColumnElement[bool]) -> int:
        """Where the ids of the spans of these recordings end: later pages need not walk through all that is newer."""
        ids = ids_of(self._session, within)
        return 0 if ids is None else ids[1]

    def _matches(self, since: datetime | None, end_id: int | None) -> dict[int, Match]:
        """Hits with an id below `end_id`, in recordings that started at `since` or later. What is exact is found twice."""
        firsts = [first for first in (self._first_id, id_at(since) if since else None) if first is not None]
        ends = [end for end in (self._end_id, end_id) if end is not None]
        # The recordings are looked through anyhow, and only those in the scope.
        where = Range(Scope.everything(), max(firsts, default=None), min(ends, default=None), None)
        tolerant = dict.fromkeys(self._kept(where, is_exact=False), Match.TOLERANT)
        return tolerant | dict.fromkeys(self._kept(where, is_exact=True), Match.EXACT)

    def _kept(self, where: Range, *, is_exact: bool) -> Collection[int]:
        around = self._nearness.around(is_exact=is_exact)
        if around is not None:
            return [key for key in around if _is_within(key, where)]
        group = self._query.group
        if is_exact:
            found = self._index.exact(self._session, group, where)
        else:
            found = self._index.tolerant(self._session, group, where, also_exact=bool(self._query.near))
        return self._nearness.close(found, is_exact=is_exact)

    def read(self, found: Sequence[_Found]) -> list[RecordingHits]:
        """What is shown of the recordings."""
        best = {each.best.span_id: each.best.match for each in found}
        hits = read_hits(self._session, best, self._query.group)
        return [_shown(each, hit) for each, hit in zip(found, hits, strict=True)]

    def _run(self, query: Any) -> Any:
        return self._session.connection().execute(query)


def _is_within(span_id: int, where: Range) -> bool:
    return span_id >= (where.first_id or 0) and (where.end_id is None or span_id < where.end_id)


def _before(position: _Position) -> ColumnElement[bool]:
    """Recordings behind this one, newest first."""
    at, key = position
    started_at = col(Recording.started_at)
    return or_(started_at < at, and_(started_at == at, col(Recording.id) < key))


def _newest_first(query: Any) -> Any:
    return query.order_by(col(Recording.started_at).desc(), col(Recording.id).desc())


def _shown(found: _Found, best: Hit) -> RecordingHits:
    return RecordingHits(
        recording_id=found.id,
        operator_name=best.operator_name,
        target_name=best.target_name,
        protocol=best.protocol,
        started_at=found.started_at,
        duration_ms=found.duration_ms,
        hit_count=len(found.moments),
        offsets_ms=[Tick(moment.start_ms, moment.match) for moment in found.moments[:MAX_TICKS]],
        best=best,
    )
