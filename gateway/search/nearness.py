"""NEAR: which of the found spans have another one close by in time, whatever its source.

Callers: `gateway.search.hits`, with each batch of candidates, and `gateway.search.groups`; candidates are within the
asker's scope, and so are all spans of their recordings.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from gateway.db.models import Span, SpanText
from gateway.search.index import SearchIndex, exact_rows, tolerant_rows
from gateway.search.query import Near, Query

_hit = aliased(Span)
_other = aliased(Span)


@dataclass(frozen=True)
class Nearness:
    """Looks through what was visible around each candidate; the index of moments (migration 0002) finds it."""

    session: Session
    index: SearchIndex
    query: Query

    def kept(self, candidates: Sequence[int], *, is_exact: bool) -> Sequence[int]:
        """The candidates that fulfil every NEAR, in their order.

        `is_exact`: all of it letter by letter; else lookalikes count on either side, without what is exact on both.
        """
        if not self.query.near or not candidates:
            return candidates
        close = self._close(candidates, is_exact=is_exact)
        if not is_exact:
            close -= self._close(self._exact_among(close), is_exact=True)
        return [key for key in candidates if key in close]

    def narrowed(self, ids: Select[Any], *, is_exact: bool) -> Select[Any]:
        """A query for the ids of spans, narrowed to those that fulfil every NEAR (with lookalikes: also the exact)."""
        if not self.query.near:
            return ids
        near = (self._has_other(near, is_exact=is_exact) for near in self.query.near)
        return select(col(_hit.id)).where(col(_hit.id).in_(ids), *near)

    def _close(self, candidates: Collection[int], *, is_exact: bool) -> set[int]:
        """Those that have another span for every NEAR."""
        near = (self._has_other(near, is_exact=is_exact) for near in self.query.near)
        return self._ids(select(col(_hit.id)).where(col(_hit.id).in_(candidates), *near))

    def _has_other(self, near: Near, *, is_exact: bool) -> ColumnElement[bool]:
        rows = exact_rows if is_exact else tolerant_rows
        others = select(1).select_from(_other).join(SpanText, col(SpanText.span_id) == col(_other.id))
        return exists(
            others.where(
                col(_other.recording_id) == col(_hit.recording_id),
                col(_other.start_ms) <= col(_hit.end_ms) + near.within_ms,
                col(_other.end_ms) >= col(_hit.start_ms) - near.within_ms,
                rows(self.index, near.group),
            )
        )

    def _exact_among(self, candidates: Collection[int]) -> set[int]:
        among = select(col(SpanText.span_id)).where(col(SpanText.span_id).in_(candidates))
        return self._ids(among.where(exact_rows(self.index, self.query.group)))

    def _ids(self, query: object) -> set[int]:
        return set(self.session.connection().execute(query).scalars())  # type: ignore[call-overload]
