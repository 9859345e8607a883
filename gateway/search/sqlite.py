"""The index on SQLite: two FTS5 tables, one of tokens, one of trigrams of the folded form (migration 0002).

Both walk their rows from the newest down and stop at the limit, so that a word in every line costs no more than a rare
one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    column,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union,
)
from sqlmodel import Session, col

from gateway.db.models import SpanText
from gateway.search.index import Found, Range, among, newest, tolerable_terms, tolerant_rows
from gateway.search.query import Facet, Group, Term

_TOKENS = table("span_tokens_index", column("rowid"))
_FOLDED = table("span_folded_index", column("rowid"))
# Spans of a source, operator or target: up to this many are checked one by one; with more, enough rows match anyway.
_FEW: Final = 5000


class SqliteIndex:
    """See `gateway.search.index.SearchIndex`."""

    def exact(self, session: Session, group: Group, where: Range) -> Sequence[int]:
        """Return spans whose tokens match the group."""
        query = _having(group)
        return _ids(session, newest(query, _TOKENS.c.rowid, where))

    def tolerant(self, session: Session, group: Group, where: Range, *, also_exact: bool = False) -> Sequence[int]:
        """Return spans that match tolerantly."""
        if not tolerable_terms(group):
            return self.exact(session, group, where) if also_exact else []
        query: Any
        facets = _facets(group)
        few = self.exact(session, facets, replace(where, limit=_FEW)) if facets.clauses else ()
        if facets.clauses and len(few) < _FEW:
            # Row by row: with both conditions, FTS5 would search for the words once per id.
            rows = tolerant_rows(self, group, also_exact=also_exact)
            query = select(col(SpanText.span_id)).where(among(session, col(SpanText.span_id), few), rows)
        else:
            query = self._tolerant(group, also_exact=also_exact)
        (key,) = query.selected_columns
        return _ids(session, newest(query, key, where))

    def find(self, session: Session, group: Group, where: Range) -> Found:
        """Return both at once."""
        exact = frozenset(self.exact(session, group, where))
        if not tolerable_terms(group):
            return Found(exact, exact)
        return Found(exact.union(self.tolerant(session, group, where, also_exact=True)), exact)

    def _tolerant(self, group: Group, *, also_exact: bool) -> Select[tuple[int]]:
        if not any(term.folded for clause in group.clauses for term in clause):
            return _having(_with_readings(group), without=None if also_exact else group)
        candidates = _candidates(group)
        if also_exact and _is_folded(group):
            return candidates
        (key,) = candidates.selected_columns
        row = select(1).where(col(SpanText.span_id) == key, tolerant_rows(self, group, also_exact=also_exact))
        return candidates.where(exists(row))

    def row_matches(self, *terms: Term) -> ColumnElement[bool]:
        """Return the condition that a row of `span_texts` matches one of the terms exactly, without the index."""
        return or_(*map(self._row_matches, terms))

    def _row_matches(self, term: Term) -> ColumnElement[bool]:
        parts = [(" ".join(term.tokens), term.prefix)] if term.tokens else []
        parts += [(facet.token, facet.prefix) for facet in term.facets]
        line = literal(" ") + col(SpanText.tokens) + literal(" ")
        return and_(*(func.instr(line, f" {part}" if prefix else f" {part} ") > 0 for part, prefix in parts))

    def row_contains(self, folded: str) -> ColumnElement[bool]:
        """Return the condition that a row's folded form contains this part, without the index."""
        return func.instr(col(SpanText.folded), folded) > 0


def _having(group: Group, without: Group | None = None) -> Select[tuple[int]]:
    wanted = _tokens_query(group)
    query = wanted if without is None else _joined("NOT", [wanted, _tokens_query(without)])
    return select(_TOKENS.c.rowid).where(_matches("span_tokens_index", query))


def _with_readings(group: Group) -> Group:
    """Return every term or one of its variants."""
    clauses = (tuple(each for term in clause for each in (term, *term.readings())) for clause in group.clauses)
    return Group(tuple(clauses), group.exclusions)


def _candidates(group: Group) -> Select[tuple[int]]:
    """Return a superset of every tolerant hit of a group with a folded term."""
    whole = [clause for clause in group.clauses if all(term.folded for term in clause)]
    if whole:
        return _folded_having(whole)
    bare = [clause for clause in group.clauses if not any(term.folded for term in clause)]
    if any(term.variants for clause in bare for term in clause):
        return _having(_with_readings(Group(tuple(bare))))
    # One of its terms does not match exactly.
    terms = tolerable_terms(group)
    folded = _folded_having([[term for term in terms if term.folded]])
    readings = tuple(reading for term in terms for reading in term.readings())
    if not readings:
        return folded
    either = union(folded, _having(Group((readings,)))).subquery()
    return select(either.c[0])


def _is_folded(group: Group) -> bool:
    """Whether the folded form alone decides the match."""
    return not group.exclusions and all(term.folded and not term.facets for clause in group.clauses for term in clause)


def _folded_having(clauses: Iterable[Sequence[Term]]) -> Select[tuple[int]]:
    query = _joined("AND", (_joined("OR", (f'"{term.folded}"' for term in clause)) for clause in clauses))
    return select(_FOLDED.c.rowid).where(_matches("span_folded_index", query))


def _facets(group: Group) -> Group:
    """Return the group's conditions on source, operator and target of all hits, without the words."""
    clauses = [clause for clause in group.clauses if all(term.facets for term in clause)]
    return Group(tuple(tuple(Term(facets=term.facets) for term in clause) for clause in clauses))


def _ids(session: Session, query: Any) -> Sequence[int]:
    return session.connection().execute(query).scalars().all()


def _matches(index: str, query: str) -> ColumnElement[bool]:
    """Return the FTS5 query as one string, bound like any value; each part in it is quoted."""
    matches: ColumnElement[bool] = literal_column(index).op("MATCH", is_comparison=True)(literal(query))
    return matches


def _tokens_query(group: Group) -> str:
    wanted = _joined("AND", (_joined("OR", map(_term_query, clause)) for clause in group.clauses))
    return _joined("NOT", [wanted, *map(_term_query, group.exclusions)])


def _term_query(term: Term) -> str:
    phrase = [_phrase(" ".join(term.tokens), term.prefix)] if term.tokens else []
    return _joined("AND", [*phrase, *map(_facet_query, term.facets)])


def _facet_query(facet: Facet) -> str:
    return _phrase(facet.token, facet.prefix)


def _phrase(text: str, prefix: bool) -> str:
    return f'"{text}"*' if prefix else f'"{text}"'


def _joined(operator: str, parts: Iterable[str]) -> str:
    """Join the parts in parentheses; FTS5's operators are left-associative."""
    return f"({f' {operator} '.join(parts)})"
