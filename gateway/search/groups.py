"""The hits of a query by recording: how many, when, and the best of each.

Recordings come newest first, by start time. They are processed in windows, the first as large as a page: a common word
fills the page from the first window. All hits of a rare word are found at once. For anything between, the next windows
are as large as the page probably needs. The index finds a window's hits as in the flat search.
"""

from collections import defaultdict
from collections.abc import Sequence, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlmodel import Session, col

from gateway.core.errors import InvalidInputError
from gateway.core.finding import Match
from gateway.db.models import Recording
from gateway.db.paging import decode_cursor, encode_cursor
from gateway.search.coverage import SearchCoverage, covered
from gateway.search.hits import MAX_PAGE, Hit, bounds, index_of, read_hits
from gateway.search.index import Found, Range
from gateway.search.nearness import Nearness
from gateway.search.query import Query, parse
from gateway.search.scope import Scope
from gateway.search.spans import id_at, ids_of

# A timeline strip is a few hundred pixels wide; more marks than this would only overlap.
MAX_TICKS: Final = 200
# Growth of the window size from one window to the next, at most: a million recordings take ten windows.
_GROWTH: Final = 4
# This many hits are grouped in a few milliseconds, wherever they are.
_FEW: Final = 2000

_Position = tuple[datetime, str]


@dataclass(frozen=True)
class Tick:
    """A moment on the timeline strip of a recording."""

    offset_ms: int
    match: Match


@dataclass(frozen=True)
class RecordingHits:
    """A recording's hits. `offsets_ms`: the first MAX_TICKS by time; `best`: the newest exact one, or the newest."""

    recording_id: str
    recording_kind: str
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
    """A page of recordings. `message` is for the user: why there can be no hits, what was left out."""

    items: Sequence[RecordingHits]
    next_cursor: str | None
    recordings_searched: int
    coverage: SearchCoverage
    message: str | None


def search_recordings(
    session: Session, text: str, scope: Scope, *, limit: int = 50, cursor: str | None = None
) -> GroupedAnswer:
    """Return recordings in the scope with hits of a query. Raises QueryError; InvalidInputError for a cursor."""
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
        raise InvalidInputError("invalid cursor; start again from the first page")
    return at, key


class _Window(NamedTuple):
    """Consecutive recordings, as a condition; the last of them, None if there are no more."""

    condition: ColumnElement[bool]
    last: _Position | None


@dataclass
class _Group:
    """A recording and all its hits in order: time and span id. `exact`: the exact ones among them."""

    id: str
    started_at: datetime
    duration_ms: int | None
    moments: list[tuple[int, int]]
    exact: AbstractSet[int]

    @property
    def best(self) -> int:
        """The newest exact span, or the newest."""
        return next((key for _, key in reversed(self.moments) if key in self.exact), self.moments[-1][1])

    def match(self, span_id: int) -> Match:
        """How the span matches."""
        return Match.EXACT if span_id in self.exact else Match.TOLERANT


class _Groups:
    """All recordings with hits of one query, from any position on."""

    def __init__(self, session: Session, query: Query, scope: Scope) -> None:
        self._session = session
        self._query = query
        self._index = index_of(session)
        self._nearness = Nearness(session, self._index, query, scope)
        self._first_id, self._end_id = bounds(session, query, scope)
        self._recordings = and_(scope.condition(), col(Recording.searchable_at).is_not(None))
        if query.before_at:  # start the windows where hits are possible
            self._recordings = and_(self._recordings, col(Recording.started_at) < query.before_at)

    def page(self, position: _Position | None, limit: int) -> list[_Group]:
        """Return the first recordings after the position."""
        if self._nearness.around:
            hits = self._nearness.around.between(self._first_id, self._end_id)
            return self._grouped(hits, self._behind(position))[:limit]
        found: list[_Group] = []
        behind, size, seen_count = position, limit, 0
        while len(found) < limit:
            window = self._window(behind, size)
            found += self._in_window(window)
            if window.last is None:
                break
            # A common word has filled the page by now, or is about to.
            if not seen_count and len(found) < limit // 2 and (few := self._few()):
                return self._first_of(few, self._behind(position), limit)
            behind, seen_count = window.last, seen_count + size
            size = _size_behind(size, seen_count, len(found), limit)
        return found[:limit]

    def _few(self) -> Found | None:
        """Return all spans with the words, or None if there are many."""
        found = self._index.find(self._session, self._query.group, self._range(None, None, _FEW + 1))
        return found if len(found.all) <= _FEW else None

    def _first_of(self, found: Found, within: ColumnElement[bool], limit: int) -> list[_Group]:
        """Return the first of these recordings with hits; NEAR is checked only for what the page needs."""
        groups = self._grouped(found, within)
        if not self._query.near:
            return groups[:limit]
        kept: list[_Group] = []
        while groups and len(kept) < limit:
            some, groups = groups[:limit], groups[limit:]
            ids = {key for group in some for _, key in group.moments}
            own = col(Recording.id).in_([group.id for group in some])
            kept += self._grouped(self._nearness.among(Found(ids, ids & found.exact), recordings=own), own)
        return kept[:limit]

    def _window(self, position: _Position | None, size: int) -> _Window:
        """Return the next recordings after the position."""
        behind = self._behind(position)
        moment = select(col(Recording.started_at), col(Recording.id)).where(behind)
        edge = self._run(_newest_first(moment).offset(size - 1).limit(1)).first()
        if edge is None:
            return _Window(behind, None)
        last = edge.started_at, edge.id
        return _Window(and_(behind, not_(_before(last))), last)

    def _behind(self, position: _Position | None) -> ColumnElement[bool]:
        return self._recordings if position is None else and_(self._recordings, _before(position))

    def _in_window(self, window: _Window) -> list[_Group]:
        """Return the recordings with hits among these, newest first."""
        where, bounded = self._range(None, None, None), None
        if window.last:
            bounded = window.condition
            where = self._range(window.last[0], self._end_of(bounded), None)
        found = self._index.find(self._session, self._query.group, where)
        return self._grouped(self._nearness.among(found, recordings=bounded), window.condition)

    def _end_of(self, within: ColumnElement[bool]) -> int:
        """Return the end of these recordings' span ids, so that later pages need not walk through everything newer."""
        ids = ids_of(self._session, within)
        return 0 if ids is None else ids[1]

    def _range(self, since: datetime | None, end_id: int | None, limit: int | None) -> Range:
        """Return hits with an id below `end_id`, in recordings that started at `since` or later."""
        firsts = [first for first in (self._first_id, id_at(since) if since else None) if first is not None]
        ends = [end for end in (self._end_id, end_id) if end is not None]
        # The recordings are scanned anyway, and only those in the scope.
        return Range(Scope.everything(), max(firsts, default=None), min(ends, default=None), limit)

    def _grouped(self, hits: Found, within: ColumnElement[bool]) -> list[_Group]:
        """Return the recordings with hits among these, newest first."""
        if not hits.all:
            return []
        moments: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for recording_id, start_ms, _, span_id in self._nearness.moments.of(hits.all):
            moments[recording_id].append((start_ms, span_id))
        recordings = select(col(Recording.id), col(Recording.started_at), col(Recording.duration_ms)).where(within)
        return [
            _Group(row.id, row.started_at, row.duration_ms, moments[row.id], hits.exact)
            for row in self._run(_newest_first(recordings))
            if row.id in moments
        ]

    def read(self, groups: Sequence[_Group]) -> list[RecordingHits]:
        """Read what is shown of the recordings."""
        best = {group.best: group.match(group.best) for group in groups}
        hits = read_hits(self._session, best, self._query.group)
        return [_shown(group, hit) for group, hit in zip(groups, hits, strict=True)]

    def _run(self, query: Any) -> Any:
        return self._session.connection().execute(query)


def _size_behind(size: int, seen_count: int, found_count: int, limit: int) -> int:
    """Return how many recordings to search next: twice as many as fill the page, judging by those seen."""
    if not found_count:
        return size * _GROWTH
    return min(size * _GROWTH, 2 * seen_count * (limit - found_count) // found_count + 1)


def _before(position: _Position) -> ColumnElement[bool]:
    """Return recordings before this one, newest first."""
    at, key = position
    started_at = col(Recording.started_at)
    return or_(started_at < at, and_(started_at == at, col(Recording.id) < key))


def _newest_first(query: Any) -> Any:
    return query.order_by(col(Recording.started_at).desc(), col(Recording.id).desc())


def _shown(group: _Group, best: Hit) -> RecordingHits:
    return RecordingHits(
        recording_id=group.id,
        recording_kind=best.recording_kind,
        operator_name=best.operator_name,
        target_name=best.target_name,
        protocol=best.protocol,
        started_at=group.started_at,
        duration_ms=group.duration_ms,
        hit_count=len(group.moments),
        offsets_ms=[Tick(start_ms, group.match(key)) for start_ms, key in group.moments[:MAX_TICKS]],
        best=best,
    )
