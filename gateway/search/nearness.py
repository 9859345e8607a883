"""NEAR: which of the found spans have another one close by in time, whatever its source.

Caller: `gateway.search.finding`, with each batch of candidates.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from gateway.db.models import Recording, Span
from gateway.search.index import Range, SearchIndex, exact_among
from gateway.search.query import Near, Query
from gateway.search.scope import Scope
from gateway.search.spans import id_at

# More than there are: all spans that could be near are wanted.
_ALL: Final = 10_000_000
# Ids named in one statement; SQLite before 3.32 took 999 variables, PostgreSQL takes 65535.
_IDS_AT_ONCE: Final = 900


class _Interval(NamedTuple):
    recording_id: str
    start_ms: int
    end_ms: int


_Intervals = Mapping[str, Sequence[_Interval]]


@dataclass(frozen=True)
class Nearness:
    """Asks for all recordings of a batch at once."""

    session: Session
    index: SearchIndex
    query: Query
    scope: Scope

    def kept(self, candidates: Sequence[int], *, is_exact: bool) -> Sequence[int]:
        """The candidates that fulfil every NEAR, in their order.

        `is_exact`: all of it letter by letter; else lookalikes count on either side, without what is exact on both.
        """
        if not self.query.near or not candidates:
            return candidates
        places = self._places(candidates)
        close = self._close(places, is_exact=is_exact)
        if is_exact:
            return [key for key in candidates if key in close]
        exact = exact_among(self.session, self.index, self.query.group, candidates)
        wholly_exact = exact & self._close({key: places[key] for key in exact}, is_exact=True)
        return [key for key in candidates if key in close and key not in wholly_exact]

    def _close(self, places: Mapping[int, _Interval], *, is_exact: bool) -> set[int]:
        """Those that have another span for every NEAR."""
        close = set(places)
        for near in self.query.near:
            others = self._others(near, [places[key] for key in close], is_exact=is_exact)
            close = {key for key in close if _is_near(places[key], others, near.within_ms)}
        return close

    def _others(self, near: Near, places: Collection[_Interval], *, is_exact: bool) -> _Intervals:
        """All spans for a NEAR in the recordings of these, that appeared before it was too late."""
        found: dict[str, list[_Interval]] = defaultdict(list)
        if places:
            where = self._range(places, near.within_ms)
            ids = (
                self.index.exact(self.session, near.group, where)
                if is_exact
                else self.index.tolerant(self.session, near.group, where, also_exact=True)
            )
            for other in self._places(ids).values():
                found[other.recording_id].append(other)
        return found

    def _range(self, places: Collection[_Interval], within_ms: int) -> Range:
        """Ids from the first recording's start to the last moment that is near; a span may be visible for long."""
        latest_ms: dict[str, int] = defaultdict(int)
        for place in places:
            latest_ms[place.recording_id] = max(latest_ms[place.recording_id], place.end_ms + within_ms)
        rows = select(Recording.id, Recording.started_at).where(col(Recording.id).in_(latest_ms))
        started_at = dict(self.session.exec(rows).all())
        # A second more: spans of a crowded moment are pushed behind it (`gateway.search.spans`).
        ends = (at + timedelta(milliseconds=latest_ms[key], seconds=1) for key, at in started_at.items())
        return Range(
            self.scope, id_at(min(started_at.values())), id_at(max(ends)), _ALL, recording_ids=frozenset(latest_ms)
        )

    def _places(self, ids: Sequence[int]) -> dict[int, _Interval]:
        found: dict[int, _Interval] = {}
        for at in range(0, len(ids), _IDS_AT_ONCE):
            part = ids[at : at + _IDS_AT_ONCE]
            rows = select(col(Span.id), Span.recording_id, Span.start_ms, Span.end_ms).where(col(Span.id).in_(part))
            found |= {key or 0: _Interval(name, start, end) for key, name, start, end in self.session.exec(rows)}
        return found


def _is_near(place: _Interval, others: _Intervals, within_ms: int) -> bool:
    return any(
        other.start_ms <= place.end_ms + within_ms and other.end_ms >= place.start_ms - within_ms
        for other in others.get(place.recording_id, ())
    )
