"""The index on PostgreSQL: GIN over a tsvector, and over trigrams of the folded form where pg_trgm is (migration 0002).

GIN gives all rows of a word, in no order: newest first would mean to fetch and sort them all. So the newest rows are
looked through first; a word common enough to be costly has filled the page by then, and only the rarer ones are left
to the index.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, Connection, cast, literal, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from gateway.db.models import SpanText
from gateway.search.index import Range, in_scope, tolerable_terms, tolerant_rows
from gateway.search.query import Group, Term

# Rows looked through before the index is asked (docs/search.md has what that takes).
_WINDOW_ROWS: Final = 4000
_key = col(SpanText.span_id)


class PostgresqlIndex:
    """See `gateway.search.index.SearchIndex`."""

    def exact(self, session: Session, group: Group, where: Range) -> Sequence[int]:
        """Spans whose tokens fulfil the group."""
        return _newest(session, _tokens_match(_group_query(group)), where)

    def tolerant(self, session: Session, group: Group, where: Range, *, also_exact: bool = False) -> Sequence[int]:
        """Spans that fulfil it when what OCR confuses counts as the same."""
        if not tolerable_terms(group):
            return self.exact(session, group, where) if also_exact else []
        return _newest(session, tolerant_rows(self, group, also_exact=also_exact), where)

    def row_matches(self, *terms: Term) -> ColumnElement[bool]:
        """Whether a row of `span_texts` matches one of the terms exactly."""
        return _tokens_match(_joined(" | ", map(_term_query, terms)))

    def row_contains(self, folded: str) -> ColumnElement[bool]:
        """Whether a row of `span_texts` has this part in its folded form; its letters and digits need no escape."""
        return col(SpanText.folded).like(f"%{folded}%")


def _newest(session: Session, condition: ColumnElement[bool], where: Range) -> Sequence[int]:
    """First the newest rows one by one, then, when they did not fill the page, all older ones by the index."""
    connection = session.connection()
    if where.limit is None:
        with _plan(connection, by_index=True):
            return _page(connection, condition, where)
    with _plan(connection, by_index=False):
        edge = select(_key).where(*_bounds(where)).order_by(_key.desc()).offset(_WINDOW_ROWS - 1).limit(1)
        window_start = connection.execute(edge).scalar()
        found = _page(connection, condition, where if window_start is None else replace(where, first_id=window_start))
    if window_start is None or len(found) == where.limit:
        return found
    with _plan(connection, by_index=True):
        older = replace(where, end_id=window_start, limit=where.limit - len(found))
        return [*found, *_page(connection, condition, older)]


def _page(connection: Connection, condition: ColumnElement[bool], where: Range) -> Sequence[int]:
    query = select(_key).where(condition, *_bounds(where), *in_scope(_key, where.scope))
    return connection.execute(query.order_by(_key.desc()).limit(where.limit)).scalars().all()


def _bounds(where: Range) -> list[ColumnElement[bool]]:
    first = [] if where.first_id is None else [_key >= where.first_id]
    return first if where.end_id is None else [*first, _key < where.end_id]


@contextmanager
def _plan(connection: Connection, *, by_index: bool) -> Iterator[None]:
    """Holds the planner to the one plan a half is for, whatever the statistics say.

    Compiling a plan to machine code (jit) takes longer than these queries do, and stays off in the transaction.
    """
    _set(connection, {"jit": False, "enable_bitmapscan": by_index, "enable_indexscan": not by_index})
    yield
    _set(connection, {"enable_bitmapscan": True, "enable_indexscan": True})


def _set(connection: Connection, switches: Mapping[str, bool]) -> None:
    """For the rest of the transaction."""
    pairs = ", ".join(f"set_config('{name}', '{'on' if on else 'off'}', true)" for name, on in switches.items())
    connection.execute(text(f"SELECT {pairs}"))


def _tokens_match(query: str) -> ColumnElement[bool]:
    """The query is spelt out and bound as a value: each lexeme quoted, none with a quote or a backslash in it."""
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
