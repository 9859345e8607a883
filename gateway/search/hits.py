"""Turn a typed query into hits, page by page.

Exact hits come first, then tolerant ones, each newest first. A page starts after the last id of the previous page
(keyset), so that every page costs the same and recordings that become searchable in the meantime shift nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from gateway.core.finding import Match
from gateway.core.recording.place import Place, place_from_dict, word_place
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Transfer
from gateway.db.models import Recording, Span
from gateway.search import marks
from gateway.search.coverage import SearchCoverage, covered
from gateway.search.index import Range, SearchIndex
from gateway.search.nearness import Nearness
from gateway.search.postgresql import PostgresqlIndex
from gateway.search.query import Group, Query, QueryError, parse
from gateway.search.scope import Scope
from gateway.search.spans import id_at, ids_of
from gateway.search.sqlite import SqliteIndex

MAX_PAGE: Final = 200
_CURSOR: Final = re.compile(r"(exact|tolerant):(\d{0,18})\Z")


@dataclass(frozen=True)
class Hit:
    """A matching span. `at` is the wall-clock time of the moment; `places` are those of the words that match."""

    recording_id: str
    recording_kind: str
    span_id: int
    offset_ms: int
    end_ms: int
    text: str
    snippet: list[marks.Piece]
    place: Place | None
    places: list[Place]
    source: SpanSource
    transfer: Transfer | None
    confidence: float
    match: Match
    operator_name: str
    target_name: str
    protocol: str
    at: datetime
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Answer:
    """A page of hits. `message` is for the user: why there can be no hits, what was left out."""

    hits: Sequence[Hit]
    next_cursor: str | None
    recordings_searched: int
    coverage: SearchCoverage
    message: str | None


def search(session: Session, text: str, scope: Scope, *, limit: int = 50, cursor: str | None = None) -> Answer:
    """Return hits of a query among the recordings in the scope. Raises QueryError for an invalid query or cursor."""
    query = parse(text)
    coverage = covered(session, query, scope)
    page = _Pages(session, query, scope).page(_position(cursor), min(limit, MAX_PAGE))
    return Answer(
        hits=read_hits(session, page.found, query.group),
        next_cursor=page.next_cursor,
        recordings_searched=coverage.recordings,
        coverage=coverage,
        message="; ".join(query.notes) or None,
    )


def all_hits(session: Session, text: str, scope: Scope) -> Iterator[Hit]:
    """Yield every hit of a query in the scope, in page order. Raises QueryError, before the first."""
    query = parse(text)
    pages = _Pages(session, query, scope)
    cursor: str | None = None
    while True:
        page = pages.page(_position(cursor), MAX_PAGE)
        yield from read_hits(session, page.found, query.group)
        cursor = page.next_cursor
        if cursor is None:
            return


@dataclass(frozen=True)
class _Page:
    found: Mapping[int, Match]
    next_cursor: str | None


class _Pages:
    """The sequence of all hits of one query, from any position on."""

    def __init__(self, session: Session, query: Query, scope: Scope) -> None:
        self._session = session
        self._query = query
        self._index: SearchIndex = index_of(session)
        self._scope = scope
        self._first_id, self._end_id = bounds(session, query, scope)
        self._nearness = Nearness(session, self._index, query, scope)

    def page(self, position: tuple[Match, int | None], limit: int) -> _Page:
        match, below = position
        found: dict[int, Match] = {}
        for _ in range(_MAX_BATCHES):
            wanted = limit - len(found)
            batch = max(wanted + 1, _NEAR_BATCH if self._query.near else 0)
            candidates, kept = self._kept(match, below, batch)
            found |= dict.fromkeys(kept[:wanted], match)
            if len(kept) > wanted:
                return _Page(found, _cursor(match, kept[wanted - 1] if wanted else below))
            if len(candidates) == batch:
                below = candidates[-1]
            elif match is Match.EXACT:
                match, below = Match.TOLERANT, None
            else:
                return _Page(found, None)
        return _Page(found, _cursor(match, below))

    def _kept(self, match: Match, below: int | None, batch: int) -> tuple[Sequence[int], Sequence[int]]:
        """Return the next candidates, and the hits among them."""
        is_exact = match is Match.EXACT
        around = self._nearness.around
        if around is None:
            candidates = self._candidates(match, below, batch)
            return candidates, self._nearness.kept(candidates, is_exact=is_exact)
        within = around.between(self._first_id, self._end_id if below is None else below)
        hits = sorted(within.exact if is_exact else within.all - within.exact, reverse=True)[:batch]
        return hits, hits

    def _candidates(self, match: Match, below: int | None, limit: int) -> Sequence[int]:
        end = self._end_id if below is None else below
        where = Range(self._scope, self._first_id, end, limit)
        if match is Match.EXACT:
            return self._index.exact(self._session, self._query.group, where)
        return self._index.tolerant(self._session, self._query.group, where, also_exact=bool(self._query.near))


def index_of(session: Session) -> SearchIndex:
    """Return the index of the session's database."""
    return SqliteIndex() if session.get_bind().dialect.name == "sqlite" else PostgresqlIndex()


# With NEAR a page may need many candidates; one request examines this many batches, the next request continues.
_NEAR_BATCH: Final = 100
_MAX_BATCHES: Final = 10


def _cursor(match: Match, below: int | None) -> str:
    return f"{match}:{'' if below is None else below}"


def _position(cursor: str | None) -> tuple[Match, int | None]:
    if cursor is None:
        return Match.EXACT, None
    found = _CURSOR.match(cursor)
    if found is None:
        raise QueryError("invalid cursor; start again from the first page")
    return Match(found[1]), int(found[2]) if found[2] else None


def bounds(session: Session, query: Query, scope: Scope) -> tuple[int | None, int | None]:
    """Return the range of span ids for the requested times and, if there is one, the one recording."""
    first = id_at(query.after_at) if query.after_at else None
    end = id_at(query.before_at) if query.before_at else None
    if scope.recording_id is None:
        return first, end
    own = ids_of(session, col(Recording.id) == scope.recording_id)
    if own is None:
        return 0, 0
    own_first, own_end = own
    return max(own_first, first or 0), min(own_end, own_end if end is None else end)


def read_hits(session: Session, found: Mapping[int, Match], group: Group) -> list[Hit]:
    """Read what is shown of these spans, in their order."""
    rows = session.exec(
        select(Span, Recording)
        .join(Recording, col(Recording.id) == col(Span.recording_id))
        .where(col(Span.id).in_(found))
    )
    by_id = {span.id: _hit(span, recording, found[span.id], group) for span, recording in rows if span.id is not None}
    return [by_id[key] for key in found]


def _hit(span: Span, recording: Recording, match: Match, group: Group) -> Hit:
    marked = marks.marks(span.text, group)
    place = None if span.place is None else place_from_dict(span.place)
    places = [] if place is None else [word_place(place, at) for at in marks.touched(span.text, span.words, marked)]
    return Hit(
        recording_id=span.recording_id,
        recording_kind=recording.kind,
        span_id=span.id or 0,
        offset_ms=span.start_ms,
        end_ms=span.end_ms,
        text=span.text,
        snippet=marks.snippet(span.text, marked),
        place=place,
        places=places,
        source=span.source,
        transfer=Transfer.from_dict(span.transfer) if span.transfer else None,
        confidence=span.confidence,
        match=match,
        operator_name=recording.operator_name,
        target_name=recording.target_name,
        protocol=recording.protocol,
        at=recording.started_at + timedelta(milliseconds=span.start_ms),
        width=recording.width,
        height=recording.height,
    )
