"""Putting a recording's spans where they can be searched.

Caller: the index stage, in its own writing transaction: searches find the old spans until it commits, then the new.
Nothing else writes to `spans`, because a span's id is the moment it appeared: newest first is the order of ids, which
both full-text indexes can follow without sorting.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, insert, select, text
from sqlmodel import Session, col

from gateway.core.errors import NotFoundError
from gateway.db.models import Recording, Span, SpanText
from gateway.search.query import FACET_MARKS
from gateway.search.tokens import BREAK, camel_parts, clean, folded, tokens

# Any constant will do: PostgreSQL advisory locks are named by number. Held to the end of the transaction.
_WRITE_LOCK: Final = 0x5265656D
# An id is milliseconds since 2000 times this, plus a number among the spans of the same millisecond. It stays below
# 2**53, and so exact in JavaScript, until 2069.
_PER_MS: Final = 4096
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
# Rows per INSERT: a long session has some ten thousand spans.
_BATCH_ROWS: Final = 1000
# A line on a screen is far shorter; a pasted file is not, and PostgreSQL's positions end at 16383.
MAX_TEXT: Final = 4000


class Reading(NamedTuple):
    """A span to be indexed. `alternatives`: other readings of the same pixels, found by the tolerant pass, not shown."""

    span: Span
    alternatives: Sequence[str] = ()


def id_at(at: datetime) -> int:
    """The least id of a span that appears at this moment (UTC)."""
    return max((at - _EPOCH) // timedelta(milliseconds=1), 0) * _PER_MS


def hold_writes(session: Session) -> None:
    """Wait until no other transaction writes spans, and let none do so before this one has ended.

    SQLite has one writer anyhow.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})


def write_spans(session: Session, recording_id: str, readings: Iterable[Reading]) -> int:
    """Replace the recording's spans by these (their ids are given here); returns how many rows there are now.

    Text is stored composed and without NUL; text longer than MAX_TEXT becomes several spans. Raises NotFoundError.
    """
    recording = session.get(Recording, recording_id)
    if recording is None:
        raise NotFoundError(f"there is no recording {recording_id}")
    hold_writes(session)
    session.connection().execute(delete(Span).where(col(Span.recording_id) == recording_id))
    rows = [row for reading in readings for row in _rows(recording_id, reading)]
    rows.sort(key=lambda row: (row["start_ms"], row["y"], row["x"]))
    _give_ids(session, recording.started_at, rows)
    facets = name_facets(recording)
    for at in range(0, len(rows), _BATCH_ROWS):
        batch = rows[at : at + _BATCH_ROWS]
        indexed = [_indexed(row, row.pop("alternatives"), facets) for row in batch]
        session.connection().execute(insert(Span), batch)
        session.connection().execute(insert(SpanText), indexed)
    return len(rows)


def name_facets(recording: Recording) -> list[str]:
    """The tokens that stand for who was at what."""
    return [FACET_MARKS["operator"] + token for token in tokens(clean(recording.operator_name))] + [
        FACET_MARKS["target"] + token for token in tokens(clean(recording.target_name))
    ]


def _rows(recording_id: str, reading: Reading) -> Iterator[dict[str, Any]]:
    span = reading.span
    row = {name: getattr(span, name) for name in _COLUMNS} | {"recording_id": recording_id}
    row["words"] = [[clean(word[0]), *word[1:]] for word in span.words]
    for piece in _pieces(clean(span.text)):
        yield row | {"text": piece, "alternatives": [clean(text) for text in reading.alternatives]}


_COLUMNS: Final = tuple(name for name in Span.model_fields if name not in {"id", "recording_id", "text"})


def _pieces(line: str) -> Iterator[str]:
    """Parts of at most MAX_TEXT characters, cut at white space where there is some."""
    while len(line) > MAX_TEXT:
        cut = max(line.rfind(" ", 1, MAX_TEXT), line.rfind("\n", 1, MAX_TEXT))
        cut = cut if cut > 0 else MAX_TEXT
        yield line[:cut]
        line = line[cut:]
    yield line


def _give_ids(session: Session, started_at: datetime, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    first = max(id_at(started_at), 1)
    wanted = [first + row["start_ms"] * _PER_MS for row in rows]
    taken = _taken(session, wanted[0], wanted[-1])
    last = 0
    for row, key in zip(rows, wanted, strict=True):
        last = next(free for free in count(max(key, last + 1)) if free not in taken)
        row["id"] = last


def _taken(session: Session, first: int, last: int) -> set[int]:
    """Ids of recordings made at the same time, and in the second after, which spans of a full one are pushed into."""
    at_the_time = select(col(SpanText.span_id)).where(col(SpanText.span_id).between(first, last + 1000 * _PER_MS))
    return set(session.connection().execute(at_the_time).scalars())


def _indexed(row: dict[str, Any], alternatives: Sequence[str], facets: Sequence[str]) -> dict[str, Any]:
    line = row["text"]
    # The facets stand between the line's own tokens and the added ones, so that no phrase reaches across.
    parts = [*tokens(line), FACET_MARKS["source"] + row["source"], *facets]
    for words in camel_parts(line):
        parts += [*words, BREAK]
    return {"span_id": row["id"], "tokens": " ".join(parts), "folded": BREAK.join(map(folded, [line, *alternatives]))}
