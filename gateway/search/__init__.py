"""Search: user text to a safe query with the permission filter inside; SQLite FTS5 and PostgreSQL behind one interface."""

from gateway.core.finding import Match
from gateway.search.coverage import SearchCoverage
from gateway.search.groups import GroupedAnswer, RecordingHits, search_recordings
from gateway.search.hits import Answer, Hit, search
from gateway.search.query import QueryError
from gateway.search.scope import Scope
from gateway.search.spans import PreparedSpans, Reading, joined, prepare_spans, write_spans

__all__ = [
    "Answer",
    "GroupedAnswer",
    "Hit",
    "Match",
    "PreparedSpans",
    "QueryError",
    "Reading",
    "RecordingHits",
    "Scope",
    "SearchCoverage",
    "joined",
    "prepare_spans",
    "search",
    "search_recordings",
    "write_spans",
]
