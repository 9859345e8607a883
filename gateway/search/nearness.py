"""NEAR: which of the found spans have another one close by in time, whatever its source.

Callers: `gateway.search.hits`, with each batch of candidates, and `gateway.search.groups`; candidates are within the
asker's scope, and so are all spans of their recordings. Both look from the side with fewer spans: `around` when that is
what must be near, `kept` from the candidates otherwise.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from gateway.db.models import Recording, Span, SpanText
from gateway.search.index import Range, SearchIndex, among, exact_rows, tolerant_rows
from gateway.search.query import Group, Near, Query
from gateway.search.scope import Scope
from gateway.search.spans import ids_of

_hit = aliased(Span)
_other = aliased(Span)
# Around each of these all spans of its recording are looked at: up to a millisecond each in a long one.
_FEW: Final = 200
# So many of a common word are among the rows that PostgreSQL looks through before it asks its index for all of them.
_RARE: Final = 100


class _Moment(NamedTuple):
    """When a span was visible."""

    id: int
    recording_id: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Nearness:
    """Looks through what was visible around each candidate; the index of moments (migration 0002) finds it."""

    session: Session
    index: SearchIndex
    query: Query
    scope: Scope
    _around: dict[bool, Sequence[int] | None] = field(default_factory=dict)
    _known: dict[int, _Moment] = field(default_factory=dict)

    def kept(self, candidates: Sequence[int], *, is_exact: bool) -> Sequence[int]:
        """The candidates that fulfil every NEAR, in their order.

        `is_exact`: all of it letter by letter; else lookalikes count on either side, without what is exact on both.
        """
        if not self.query.near or not candidates:
            return candidates
        close = self.close(candidates, is_exact=is_exact)
        if not is_exact:
            close -= self.close(self._exact_among(close), is_exact=True)
        return [key for key in candidates if key in close]

    def close(self, candidates: Collection[int], *, is_exact: bool) -> set[int]:
        """Those that have another span for every NEAR (with lookalikes: also the exact)."""
        close = set(candidates)
        for near in self.query.near:
            if len(close) > _FEW:
                close = self._joined(close, near, is_exact=is_exact)
            elif close:
                close = self._looked_up(close, near, is_exact=is_exact)
        return close

    def around(self, *, is_exact: bool) -> Sequence[int] | None:
        """All hits of a kind (as `kept`), newest first, found around the rarest of what must be near.

        None where that is not rare, or the spans that are asked for are rarer still.
        """
        if is_exact not in self._around:
            self._around[is_exact] = self._found_around(is_exact=is_exact)
        return self._around[is_exact]

    def _found_around(self, *, is_exact: bool) -> Sequence[int] | None:
        rare = self._rarest(is_exact=is_exact) if self.query.near else None
        if rare is None:
            return None
        near, others = rare
        rows = exact_rows if is_exact else tolerant_rows
        wanted = (
            select(col(_hit.id))
            .distinct()
            .select_from(_other)
            .join(_hit, _overlap(near, _hit, _other))
            .join(SpanText, col(SpanText.span_id) == col(_hit.id))
            .where(among(self.session, col(_other.id), others), rows(self.index, self.query.group))
        )
        return sorted(self.kept(list(self._ids(wanted)), is_exact=is_exact), reverse=True)

    def _rarest(self, *, is_exact: bool) -> tuple[Near, Sequence[int]] | None:
        find = self.index.exact if is_exact else self._tolerant
        few = Range(self.scope, None, None, _RARE + 1)
        found = [(near, find(self.session, near.group, few)) for near in self.query.near]
        near, others = min(found, key=lambda each: len(each[1]))
        if len(others) > _RARE:
            return None
        hits = find(self.session, self.query.group, Range(self.scope, None, None, len(others) + 1))
        return (near, others) if len(hits) > len(others) else None

    def _tolerant(self, session: Session, group: Group, where: Range) -> Sequence[int]:
        return self.index.tolerant(session, group, where, also_exact=True)

    def _looked_up(self, candidates: Collection[int], near: Near, *, is_exact: bool) -> set[int]:
        """Around each candidate."""
        rows = exact_rows if is_exact else tolerant_rows
        others = select(1).select_from(_other).join(SpanText, col(SpanText.span_id) == col(_other.id))
        has_other = exists(others.where(_overlap(near, _other, _hit), rows(self.index, near.group)))
        return self._ids(select(col(_hit.id)).where(among(self.session, col(_hit.id), candidates), has_other))

    def _joined(self, candidates: Collection[int], near: Near, *, is_exact: bool) -> set[int]:
        """With all that could be near to any of the candidates, recording by recording."""
        hits = self._moments(candidates)
        own = ids_of(self.session, col(Recording.id).in_({hit.recording_id for hit in hits}))
        first, end = own or (0, 0)
        find = self.index.exact if is_exact else self._tolerant
        others = self._moments(find(self.session, near.group, Range(Scope.everything(), first, end, None)))
        latest = _latest_ends(others)
        return {
            hit.id
            for hit in hits
            if latest[hit.recording_id].by(hit.end_ms + near.within_ms) >= hit.start_ms - near.within_ms
        }

    def _moments(self, ids: Collection[int]) -> list[_Moment]:
        """Each is read once: what is exact is also among what lookalikes give."""
        unknown = [key for key in ids if key not in self._known]
        if unknown:
            columns = select(col(Span.id), col(Span.recording_id), col(Span.start_ms), col(Span.end_ms))
            rows: Any = self.session.connection().execute(columns.where(among(self.session, col(Span.id), unknown)))
            self._known.update((row[0], _Moment(*row)) for row in rows)
        return [self._known[key] for key in ids]

    def _exact_among(self, candidates: Collection[int]) -> set[int]:
        rows = select(col(SpanText.span_id)).where(among(self.session, col(SpanText.span_id), candidates))
        return self._ids(rows.where(exact_rows(self.index, self.query.group)))

    def _ids(self, query: object) -> set[int]:
        return set(self.session.connection().execute(query).scalars())  # type: ignore[call-overload]


def _overlap(near: Near, sought: type[Span], given: type[Span]) -> ColumnElement[bool]:
    """The columns of what is sought stand alone, as the index of moments has them."""
    return and_(
        col(sought.recording_id) == col(given.recording_id),
        col(sought.start_ms) <= col(given.end_ms) + near.within_ms,
        col(sought.end_ms) >= col(given.start_ms) - near.within_ms,
    )


class _LatestEnds:
    """Of spans in one recording: until when the longest of those that had begun by a moment was visible."""

    def __init__(self, moments: Iterable[_Moment]) -> None:
        ordered = sorted(moments, key=lambda moment: moment.start_ms)
        self._starts = [moment.start_ms for moment in ordered]
        self._ends = list(accumulate((moment.end_ms for moment in ordered), max))

    def by(self, moment_ms: int) -> float:
        begun = bisect_right(self._starts, moment_ms)
        return self._ends[begun - 1] if begun else -inf


def _latest_ends(moments: Iterable[_Moment]) -> Mapping[str, _LatestEnds]:
    by_recording: defaultdict[str, list[_Moment]] = defaultdict(list)
    for moment in moments:
        by_recording[moment.recording_id].append(moment)
    nothing = _LatestEnds(())
    return defaultdict(lambda: nothing, {key: _LatestEnds(each) for key, each in by_recording.items()})
