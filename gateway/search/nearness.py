"""NEAR: which of the found spans have another one close by in time, whatever its source.

Caller: `gateway.search.finding`, with each batch of candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from gateway.db.models import Span
from gateway.search.index import Range, SearchIndex, exact_among
from gateway.search.query import Near, Query
from gateway.search.scope import Scope

# More than a recording has: the spans near a hit are wanted all.
_ALL: Final = 10_000_000
# Ids named in one statement; SQLite before 3.32 took 999 variables, PostgreSQL takes 65535.
_IDS_AT_ONCE: Final = 900


class _Interval(NamedTuple):
    recording_id: str
    start_ms: int
    end_ms: int


@dataclass
class Nearness:
    """Keeps what it found of a recording, as the candidates of a page are mostly of a few recordings."""

    session: Session
    index: SearchIndex
    query: Query
    scope: Scope

    def __post_init__(self) -> None:
        self._known: dict[tuple[Near, str, bool], list[_Interval]] = {}

    def kept(self, candidates: Sequence[int], *, is_exact: bool) -> Sequence[int]:
        """The candidates that fulfil every NEAR, in their order.

        `is_exact`: all of it letter by letter; else lookalikes count on either side, without what is exact on both.
        """
        if not self.query.near or not candidates:
            return candidates
        places = self._intervals(candidates)
        if is_exact:
            return [key for key in candidates if self._is_near(places[key], is_exact=True)]
        exact = exact_among(self.session, self.index, self.query.group, candidates)
        return [
            key
            for key in candidates
            if self._is_near(places[key], is_exact=False)
            and not (key in exact and self._is_near(places[key], is_exact=True))
        ]

    def _is_near(self, place: _Interval, *, is_exact: bool) -> bool:
        return all(
            any(
                other.start_ms <= place.end_ms + near.within_ms and other.end_ms >= place.start_ms - near.within_ms
                for other in self._others(near, place.recording_id, is_exact)
            )
            for near in self.query.near
        )

    def _others(self, near: Near, recording_id: str, is_exact: bool) -> list[_Interval]:
        key = (near, recording_id, is_exact)
        if key not in self._known:
            ids = self._other_ids(near, recording_id, is_exact=is_exact)
            self._known[key] = list(self._intervals(ids).values())
        return self._known[key]

    def _other_ids(self, near: Near, recording_id: str, *, is_exact: bool) -> Sequence[int]:
        first, end = self._id_range(recording_id)
        where = Range(replace(self.scope, recording_id=recording_id), first, end, _ALL)
        if is_exact:
            return self.index.exact(self.session, near.group, where)
        return self.index.tolerant(self.session, near.group, where, also_exact=True)

    def _id_range(self, recording_id: str) -> tuple[int, int]:
        own = select(Span.id).where(col(Span.recording_id) == recording_id)
        first = self.session.exec(own.order_by(col(Span.id)).limit(1)).one()
        last = self.session.exec(own.order_by(col(Span.id).desc()).limit(1)).one()
        return first or 0, (last or 0) + 1

    def _intervals(self, ids: Sequence[int]) -> dict[int, _Interval]:
        found: dict[int, _Interval] = {}
        for at in range(0, len(ids), _IDS_AT_ONCE):
            part = ids[at : at + _IDS_AT_ONCE]
            rows = select(col(Span.id), Span.recording_id, Span.start_ms, Span.end_ms).where(col(Span.id).in_(part))
            found |= {key or 0: _Interval(name, start, end) for key, name, start, end in self.session.exec(rows)}
        return found
