"""Search: user text to a safe query with the permission filter inside; SQLite FTS5 and PostgreSQL behind one interface."""

from gateway.search.coverage import SearchCoverage
from gateway.search.finding import Answer, Hit, Match, search
from gateway.search.query import QueryError
from gateway.search.scope import Scope
from gateway.search.spans import Reading, write_spans

__all__ = ["Answer", "Hit", "Match", "QueryError", "Reading", "Scope", "SearchCoverage", "search", "write_spans"]
