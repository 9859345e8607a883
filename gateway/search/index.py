"""The full-text index of either database behind one interface.

`gateway.search.sqlite` and `gateway.search.postgresql` implement it; one test suite checks that both give the same
hits.
"""

import json
from collections.abc import Iterable, Sequence, Set as AbstractSet
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    any_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlmodel import Session, col

from gateway.db.models import Recording, Span
from gateway.search.query import Group, Term
from gateway.search.scope import Scope


@dataclass(frozen=True)
class Range:
    """Where to look: ids from `first_id` to below `end_id` (None: open), at most `limit` of them, in the scope."""

    scope: Scope
    first_id: int | None
    end_id: int | None
    limit: int | None


@dataclass(frozen=True)
class Found:
    """Spans that match tolerantly, and which of them match exactly."""

    all: AbstractSet[int]
    exact: AbstractSet[int]

    def between(self, first_id: int | None, end_id: int | None) -> "Found":
        """Return those with ids from `first_id` to below `end_id` (None: open)."""
        first, end = first_id or 0, inf if end_id is None else end_id
        return Found(*({key for key in keys if first <= key < end} for keys in (self.all, self.exact)))


class SearchIndex(Protocol):
    """Find ids of spans, newest first. Read-only; raises only the database's own errors."""

    def exact(self, session: Session, group: Group, where: Range) -> Sequence[int]:
        """Return spans whose tokens match the group."""

    def tolerant(self, session: Session, group: Group, where: Range, *, also_exact: bool = False) -> Sequence[int]:
        """Return spans that match tolerantly; without the exact ones, unless requested.

        A term too short for a tolerant match must match exactly here too, and exclusions exclude only exact matches.
        """

    def find(self, session: Session, group: Group, where: Range) -> Found:
        """Return both kinds at once; with a limit, all of them if there are fewer."""

    def row_matches(self, *terms: Term) -> ColumnElement[bool]:
        """Return the condition that a row of `span_texts` matches one of the terms exactly, without the index."""

    def row_contains(self, folded: str) -> ColumnElement[bool]:
        """Return the condition that a row's folded form contains this part, without the index."""


def among(session: Session, span_id: SQLColumnExpression[Any], ids: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition that the column has one of these values, however many: they are bound as one value."""
    if session.get_bind().dialect.name == "postgresql":
        # The array as the database's literal: in a list, every element would pass through two adapters.
        return span_id == any_(cast(literal(f"{{{','.join(map(str, ids))}}}"), ARRAY(BigInteger)))
    return span_id.in_(select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value))


def in_scope(span_id: SQLColumnExpression[int], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the permission filter as conditions on a query's span id; no condition for an unlimited scope."""
    if scope.is_unlimited:
        return []
    allowed = select(1).select_from(Span).join(Recording, col(Recording.id) == col(Span.recording_id))
    return [exists(allowed.where(col(Span.id) == span_id, scope.condition()))]


def newest(query: Select[tuple[int]], span_id: ColumnElement[int], where: Range) -> Select[tuple[int]]:
    """Restrict the query to the range, newest first."""
    if where.first_id is not None:
        query = query.where(span_id >= where.first_id)
    if where.end_id is not None:
        query = query.where(span_id < where.end_id)
    return query.where(*in_scope(span_id, where.scope)).order_by(span_id.desc()).limit(where.limit)


def tolerable_terms(group: Group) -> list[Term]:
    """Return the terms that can match tolerantly. Without one, the tolerant pass finds nothing new."""
    return [term for clause in group.clauses for term in clause if term.is_tolerable]


def exact_rows(index: SearchIndex, group: Group) -> ColumnElement[bool]:
    """Return the whole condition of the exact pass, row by row."""
    return and_(_exact_clauses(index, group), *(not_(index.row_matches(term)) for term in group.exclusions))


def tolerant_rows(index: SearchIndex, group: Group, *, also_exact: bool = True) -> ColumnElement[bool]:
    """Return the whole condition of the tolerant pass, row by row."""
    clauses = [or_(*(_tolerant_row(index, term) for term in clause)) for clause in group.clauses]
    without = [not_(index.row_matches(term)) for term in group.exclusions]
    return and_(*clauses, *without, *([] if also_exact else [not_(_exact_clauses(index, group))]))


def _exact_clauses(index: SearchIndex, group: Group) -> ColumnElement[bool]:
    return and_(*(or_(*map(index.row_matches, clause)) for clause in group.clauses))


def _tolerant_row(index: SearchIndex, term: Term) -> ColumnElement[bool]:
    exact = index.row_matches(term, *term.readings())
    if not term.folded:
        return exact
    facets = [index.row_matches(Term(facets=(facet,))) for facet in term.facets]
    return or_(exact, and_(index.row_contains(term.folded), *facets))
