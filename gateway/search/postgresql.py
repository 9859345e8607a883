"""The index on PostgreSQL: GIN over a tsvector, and over trigrams of the folded form where pg_trgm is (migration 0002).

GIN returns all rows of a word, in no order: newest first would mean fetching and sorting them all. The newest rows are
therefore scanned first, and more of them as long as the hits so far suggest that the page will be full before long: a word
common enough to be costly fills it, and only the rarer ones are left to the index.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, cast, literal, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from gateway.db.models import SpanText
from gateway.search.index import Found, Range, in_scope, tolerable_terms, tolerant_rows
from gateway.search.query import Group, Term

# Rows scanned before the index is used, at a third of a microsecond each: at first, and at most for a page. A word that
# would need more has so few hits in a million rows that the index is as fast.
_FIRST_ROWS: Final = 4000
_MAX_ROWS: Final = 24_000
# The most rows scanned if all hits of a range are needed: about those of twenty recordings.
_MAX_RANGE_ROWS: Final = 60_000
# If at least one row in this many is a hit, the index would return too many.
_COMMON: Final = 100
# For the rest of a search's transaction. Compiling a plan (jit) and starting parallel workers take longer than the
# queries. Rows joined to the hits are looked up one by one: with the same words in every second row, the statistics
# would suggest the opposite.
_QUICK: Final = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "plan_cache_mode": "force_custom_plan",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_key = col(SpanText.span_id)


class PostgresqlIndex:
    """See `gateway.search.index.SearchIndex`."""

    def exact(self, session: Session, group: Group, where: Range) -> Sequence[int]:
        """Return spans whose tokens match the group."""
        return _ids(_newest(session, _tokens_match(_group_query(group)), where))

    def tolerant(self, session: Session, group: Group, where: Range, *, also_exact: bool = False) -> Sequence[int]:
        """Return spans that match tolerantly."""
        if not tolerable_terms(group):
            return self.exact(session, group, where) if also_exact else []
        return _ids(_newest(session, tolerant_rows(self, group, also_exact=also_exact), where))

    def find(self, session: Session, group: Group, where: Range) -> Found:
        """Return both at once, checking each row."""
        is_exact = _tokens_match(_group_query(group))
        if not tolerable_terms(group):
            exact = frozenset(self.exact(session, group, where))
            return Found(exact, exact)
        rows = _newest(session, tolerant_rows(self, group), where, is_exact)
        return Found(frozenset(_ids(rows)), frozenset(key for key, is_exact in rows if is_exact))

    def row_matches(self, *terms: Term) -> ColumnElement[bool]:
        """Return the condition that a row of `span_texts` matches one of the terms exactly."""
        return _tokens_match(_joined(" | ", map(_term_query, terms)))

    def row_contains(self, folded: str) -> ColumnElement[bool]:
        """Return the condition that a row's folded form contains this part; its letters and digits need no escaping."""
        return col(SpanText.folded).like(f"%{folded}%")


def _newest(
    session: Session, condition: ColumnElement[bool], where: Range, *columns: ColumnElement[Any]
) -> list[tuple[Any, ...]]:
    """Return ids (and columns) of the newest rows by scanning, and then of all older ones by the index."""
    connection = session.connection()
    wanted = inf if where.limit is None else where.limit
    found: list[tuple[Any, ...]] = []
    row_count = 0
    _hold(connection, by_index=False)
    while more := _rows_to_look_through(row_count, len(found), wanted):
        edge = select(_key).where(*_bounds(where)).order_by(_key.desc()).offset(more - 1).limit(1)
        first = connection.execute(edge).scalar()
        found += _page(connection, condition, where if first is None else replace(where, first_id=first), columns)
        if first is None or len(found) >= wanted:
            break
        row_count += more
        where = replace(where, end_id=first, limit=None if where.limit is None else int(wanted) - len(found))
    else:
        _hold(connection, by_index=True)
        found += _page(connection, condition, where, columns)
    _let_go(connection)
    return found


def _rows_to_look_through(row_count: int, found_count: int, wanted: float) -> int:
    """Return how many more rows to scan: enough to probably fill the page, none if that is too many."""
    if not row_count:
        return _FIRST_ROWS
    if wanted == inf:
        return max(_MAX_RANGE_ROWS - row_count, 0) if found_count * _COMMON >= row_count else 0
    needed = 2 * (wanted - found_count) * row_count / found_count if found_count else inf
    return int(max(needed, _FIRST_ROWS)) if row_count + needed <= _MAX_ROWS else 0


def _page(
    connection: Connection, condition: ColumnElement[bool], where: Range, columns: Sequence[ColumnElement[Any]]
) -> list[tuple[Any, ...]]:
    query = select(_key, *columns).where(condition, *_bounds(where), *in_scope(_key, where.scope))
    result: Any = connection.execute(query.order_by(_key.desc()).limit(where.limit))
    rows: list[tuple[Any, ...]] = result.cursor.fetchall()
    return rows


def _ids(rows: Iterable[tuple[Any, ...]]) -> list[int]:
    return [row[0] for row in rows]


def _bounds(where: Range) -> list[ColumnElement[bool]]:
    first = [] if where.first_id is None else [_key >= where.first_id]
    return first if where.end_id is None else [*first, _key < where.end_id]


def _hold(connection: Connection, *, by_index: bool) -> None:
    """Force the planner to the one plan intended for each half, whatever the statistics say."""
    switches = {"enable_bitmapscan": by_index, "enable_indexscan": not by_index, "enable_seqscan": by_index}
    _set(connection, _QUICK | {name: "on" if on else "off" for name, on in switches.items()})


def _let_go(connection: Connection) -> None:
    _set(connection, dict.fromkeys(("enable_bitmapscan", "enable_indexscan", "enable_seqscan"), "on"))


def _set(connection: Connection, values: Mapping[str, str]) -> None:
    """Set a parameter for the rest of the transaction."""
    pairs = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in values.items())
    connection.execute(text(f"SELECT {pairs}"))


def _tokens_match(query: str) -> ColumnElement[bool]:
    """Return the query, spelt out and bound as a value: each lexeme quoted, none with a quote or a backslash in it."""
    return col(SpanText.tokens).op("@@", is_comparison=True)(cast(literal(query), TSQUERY))


def _group_query(group: Group) -> str:
    wanted = [_joined(" | ", map(_term_query, clause)) for clause in group.clauses]
    return _joined(" & ", [*wanted, *(f"!{_term_query(term)}" for term in group.exclusions)])


def _term_query(term: Term) -> str:
    last = len(term.tokens) - 1
    phrase = [_lexeme(token, term.prefix and number == last) for number, token in enumerate(term.tokens)]
    parts = [_joined(" <-> ", phrase)] if phrase else []
    return _joined(" & ", [*parts, *(_lexeme(facet.token, facet.prefix) for facet in term.facets)])


def _lexeme(token: str, prefix: bool) -> str:
    return f"'{token}':*" if prefix else f"'{token}'"


def _joined(operator: str, parts: Iterable[str]) -> str:
    return f"({operator.join(parts)})"
