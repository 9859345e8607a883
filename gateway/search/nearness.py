"""NEAR: which of the found spans have another one close in time, whatever its source.

Candidates are within the user's scope, and so are all spans of their recordings. If the right side is rare, all hits
are found `around` it. Otherwise each of a few candidates looks around itself, and larger numbers are compared with
every possible neighbour.
"""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from gateway.db.models import Recording, Span, SpanText
from gateway.search.index import Found, Range, SearchIndex, among, exact_rows, tolerant_rows
from gateway.search.moments import Moments, near
from gateway.search.query import Near, Query
from gateway.search.scope import Scope
from gateway.search.spans import ids_of

_hit = aliased(Span)
_other = aliased(Span)
# All spans around each of these are examined: up to a millisecond each in a long recording.
_FEW: Final = 200
# Examining the surroundings of one span takes as long as reading and merging this many moments.
_MOMENTS_A_LOOK: Final = 20
# Of a common word, PostgreSQL finds this many while scanning rows, before it has to ask its index for all of them.
_RARE: Final = 300


class Nearness:
    """The NEARs of one query; the index of moments (migration 0002) finds what was visible around a moment."""

    def __init__(self, session: Session, index: SearchIndex, query: Query, scope: Scope) -> None:
        self.moments = Moments(session)
        self._session = session
        self._index = index
        self._query = query
        self._scope = scope

    def kept(self, candidates: Sequence[int], *, is_exact: bool) -> Sequence[int]:
        """Return the few candidates that match every NEAR, in order.

        `is_exact`: both sides must match letter by letter. Otherwise lookalikes also count on either side, except where
        both are exact.
        """
        if not self._query.near or not candidates:
            return candidates
        close = self._close(candidates, is_exact=is_exact)
        if not is_exact:
            close -= self._close(self._exact_among(close), is_exact=True)
        return [key for key in candidates if key in close]

    def among(self, hits: Found, *, recordings: ColumnElement[bool] | None = None, but: Near | None = None) -> Found:
        """Return those that match every NEAR (except `but`): exact if both sides are.

        `recordings`: a condition that matches the recordings of the hits and few others; without it, they are looked
        up.
        """
        for each in self._query.near:
            if each is but or not hits.all:
                continue
            hits = self._looked_around(hits, each) if len(hits.all) <= _FEW else self._compared(hits, each, recordings)
        return hits

    @cached_property
    def around(self) -> Found | None:
        """Return all hits, found around the rarest right side.

        None if that side is not rare, or if the left side is even rarer.
        """
        rare = self._rarest() if self._query.near else None
        if rare is None:
            return None
        given, others = rare
        rows = self._index, self._query.group
        beside = self._around_each(given, others.all).offset(0).subquery()  # first the ids, and only then their text
        wanted = select(beside.c.hit, beside.c.other, exact_rows(*rows)).join(
            SpanText, col(SpanText.span_id) == beside.c.hit
        )
        pairs: Any = self._session.connection().execute(wanted.where(tolerant_rows(*rows))).all()
        exact = {key for key, other, is_exact in pairs if is_exact and other in others.exact}
        return self.among(Found({key for key, _, _ in pairs}, exact), but=given)

    def _rarest(self) -> tuple[Near, Found] | None:
        few = Range(self._scope, None, None, _RARE + 1)
        found = [(each, self._index.find(self._session, each.group, few)) for each in self._query.near]
        rarest, others = min(found, key=lambda each: len(each[1].all))
        if len(others.all) > _RARE:
            return None
        fewer = Range(self._scope, None, None, len(others.all) + 1)
        hits = self._index.find(self._session, self._query.group, fewer)
        return (rarest, others) if len(hits.all) > len(others.all) else None

    def _close(self, candidates: Collection[int], *, is_exact: bool) -> set[int]:
        close = set(candidates)
        for each in self._query.near:
            close = self._with_other(close, each, is_exact=is_exact)
        return close

    def _looked_around(self, hits: Found, given: Near) -> Found:
        return Found(
            self._with_other(hits.all, given, is_exact=False), self._with_other(hits.exact, given, is_exact=True)
        )

    def _with_other(self, candidates: Collection[int], given: Near, *, is_exact: bool) -> set[int]:
        """Look around each candidate."""
        if not candidates:
            return set()
        rows = exact_rows if is_exact else tolerant_rows
        others = select(1).select_from(_other).join(SpanText, col(SpanText.span_id) == col(_other.id))
        has_other = exists(others.where(_overlap(given, _other, _hit), rows(self._index, given.group)))
        return self._ids(select(col(_hit.id)).where(among(self._session, col(_hit.id), candidates), has_other))

    def _compared(self, hits: Found, given: Near, recordings: ColumnElement[bool] | None) -> Found:
        """Compare with everything that could be near any of them."""
        if recordings is None:
            recordings = col(Recording.id).in_({moment[0] for moment in self.moments.of(hits.all)})
        first, end = ids_of(self._session, recordings) or (0, 0)
        others = self._index.find(self._session, given.group, Range(Scope.everything(), first, end, None))
        way = self._beside if len(others.all) * _MOMENTS_A_LOOK < len(hits.all) else self._merged
        return way(hits, others, given)

    def _beside(self, hits: Found, others: Found, given: Near) -> Found:
        """Look around each of the others."""
        rows: Any = self._session.connection().execute(self._around_each(given, others.all)).all()
        pairs = [(key, other) for key, other in rows if key in hits.all]
        exact = {key for key, other in pairs if key in hits.exact and other in others.exact}
        return Found({key for key, _ in pairs}, exact)

    def _merged(self, hits: Found, others: Found, given: Near) -> Found:
        """Merge both, recording by recording."""
        moments, around = self.moments.of(hits.all), self.moments.of(others.all)
        close = near(moments, around, given.within_ms)
        exact = [moment for moment in moments if moment[3] in hits.exact]
        return Found(close, near(exact, [moment for moment in around if moment[3] in others.exact], given.within_ms))

    def _around_each(self, given: Near, others: Collection[int]) -> Any:
        """Return a query for pairs (hit, other): all spans near the others."""
        pairs: Any = select(col(_hit.id).label("hit"), col(_other.id).label("other"))
        pairs = pairs.select_from(_other).join(_hit, _overlap(given, _hit, _other))
        return pairs.where(among(self._session, col(_other.id), others))

    def _exact_among(self, candidates: Collection[int]) -> set[int]:
        rows = select(col(SpanText.span_id)).where(among(self._session, col(SpanText.span_id), candidates))
        return self._ids(rows.where(exact_rows(self._index, self._query.group)))

    def _ids(self, query: Any) -> set[int]:
        return set(self._session.connection().execute(query).scalars())


def _overlap(given: Near, sought: type[Span], by: type[Span]) -> ColumnElement[bool]:
    """Return the overlap condition; columns of the sought span stand alone, as in the index of moments."""
    return and_(
        col(sought.recording_id) == col(by.recording_id),
        col(sought.start_ms) <= col(by.end_ms) + given.within_ms,
        col(sought.end_ms) >= col(by.start_ms) - given.within_ms,
    )
