"""Write a recording's spans to the search index.

The index stage prepares the rows first, and then holds its write transaction only to insert them: searches find the old
spans until it commits, then the new, and other writers wait for nothing that could be computed before. Nothing else
writes to `spans`, because a span's id encodes the moment it appeared: newest first is the order of ids, which both
full-text indexes can follow without sorting.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import Session, col

from gateway.core.errors import NotFoundError
from gateway.core.recording.place import Place, place_as_dict, top_to_bottom
from gateway.core.recording.states import SpanSource
from gateway.db import locks
from gateway.db.loading import load
from gateway.db.locks import Lock
from gateway.db.models import Recording, Span, SpanText
from gateway.db.models.span_text import as_stored
from gateway.search.query import FACET_MARKS
from gateway.search.tokens import BREAK, clean, folded, other_readings, tokens, word_parts

# An id is milliseconds since 2000 times this, plus a number among the spans of the same millisecond. It stays below
# 2**53, and so exact in JavaScript, until 2069.
_PER_MS: Final = 4096
# Spans of a full millisecond are pushed behind it, but not further than a second.
_PUSHED_MS: Final = 1000
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
# A line on a screen is far shorter; a pasted file is not, and PostgreSQL's positions end at 16383.
MAX_TEXT: Final = 4000
_as_json: Final = json.JSONEncoder(separators=(",", ":")).encode


class Reading(NamedTuple):
    """A span to index, like `gateway.db.models.Span`, but not an ORM row: ten thousand of those take long.

    `words`: each its text and the numbers of its place. `alternatives`: other readings of the same pixels, searched by the
    tolerant pass but not shown. `transfer`: for clipboards and files, a `Transfer` as a dict.
    """

    text: str
    start_ms: int
    end_ms: int
    source: SpanSource = SpanSource.SCREEN
    place: Place | None = None
    confidence: float = 1.0
    words: Sequence[Sequence[Any]] = ()
    start_byte: int = 0
    end_byte: int = 0
    alternatives: Sequence[str] = ()
    transfer: Mapping[str, Any] | None = None


# What a piece of a span becomes, but for its id: when and where it appears, by which rows are sorted; values in the order
# of _COLUMNS; tokens; the folded form. Plain tuples of plain values, which the garbage collector does not go through.
_Row = tuple[tuple[int, int, int], tuple[Any, ...], str, str]


@dataclass(frozen=True)
class PreparedSpans:
    """All rows of one recording, in order of ids."""

    recording_id: str
    rows: Sequence[_Row]


def id_at(at: datetime) -> int:
    """Return the smallest id of a span that appears at this moment (UTC)."""
    return max((at - _EPOCH) // timedelta(milliseconds=1), 0) * _PER_MS


def ids_of(session: Session, condition: ColumnElement[bool]) -> tuple[int, int] | None:
    """Return first id and end of the ids of all spans of these recordings, including others in between; None without any.

    Uses the index of moments: a database asked for the largest id of a recording may search from the newest down.
    """
    last_ms = select(func.max(col(Span.start_ms))).where(col(Span.recording_id) == col(Recording.id)).scalar_subquery()
    rows = session.connection().execute(select(col(Recording.started_at), last_ms).where(condition))
    ranges = [(id_at(at), id_at(at) + (last + _PUSHED_MS) * _PER_MS) for at, last in rows if last is not None]
    return (min(first for first, _ in ranges), max(end for _, end in ranges)) if ranges else None


def hold_writes(session: Session) -> None:
    """Wait until no other transaction writes spans, and block new ones until this one ends."""
    locks.acquire(session, Lock.SPANS)


def prepare_spans(recording: Recording, readings: Iterable[Reading], rendition_id: str | None = None) -> PreparedSpans:
    """Prepare the rows without the database, so that nobody waits. `rendition_id`: the file they were read from.

    Text is stored composed and without NUL; text longer than MAX_TEXT becomes several spans.
    """
    facets = _name_facets(recording)
    owner = (recording.id, rendition_id)
    rows = [row for reading in readings for row in _rows(owner, reading, facets)]
    return PreparedSpans(recording.id, sorted(rows, key=itemgetter(0)))


def joined(recording: Recording, parts: Iterable[PreparedSpans]) -> PreparedSpans:
    """Return the rows of several files of one recording together."""
    return PreparedSpans(recording.id, sorted(chain.from_iterable(part.rows for part in parts), key=itemgetter(0)))


def write_spans(session: Session, prepared: PreparedSpans) -> int:
    """Replace the recording's spans by these (ids are assigned here); return the number of rows.

    Raises NotFoundError.
    """
    recording = session.get(Recording, prepared.recording_id)
    if recording is None:
        raise NotFoundError(f"there is no recording {prepared.recording_id}")
    hold_writes(session)
    session.connection().execute(delete(Span).where(col(Span.recording_id) == recording.id))
    ids = _ids(session, recording.started_at, prepared.rows)
    numbered = list(zip(ids, prepared.rows, strict=True))
    load(session, Span, ("id", *_COLUMNS), ((key, *values) for key, (_, values, _, _) in numbered))
    dialect = session.get_bind().dialect
    texts = ((key, as_stored(tokens, dialect), folded) for key, (_, _, tokens, folded) in numbered)
    load(session, SpanText, ("span_id", "tokens", "folded"), texts)
    return len(numbered)


def _name_facets(recording: Recording) -> list[str]:
    """Return the tokens for the names of operator and target."""
    return [FACET_MARKS["operator"] + token for token in tokens(clean(recording.operator_name))] + [
        FACET_MARKS["target"] + token for token in tokens(clean(recording.target_name))
    ]


def _rows(owner: tuple[str, str | None], reading: Reading, facets: Sequence[str]) -> Iterator[_Row]:
    words = _words(reading.words)
    place = None if reading.place is None else _as_json(place_as_dict(reading.place))
    transfer = None if reading.transfer is None else json.dumps(reading.transfer)
    alternatives = list(map(clean, reading.alternatives))
    for piece in _pieces(clean(reading.text)):
        values = (
            *(*owner, reading.source.value, piece, reading.start_ms, reading.end_ms),
            *(place, reading.confidence, words, reading.start_byte, reading.end_byte, transfer),
        )
        yield (
            (reading.start_ms, *top_to_bottom(reading.place)),
            values,
            _tokens(piece, reading.source, facets, alternatives),
            BREAK.join(map(folded, [piece, *alternatives])),
        )


def _words(words: Sequence[Sequence[Any]]) -> str:
    """Return JSON with clean texts; one without escapes is plain ASCII and already clean."""
    dumped = _as_json(words)
    return dumped if "\\u" not in dumped else _as_json([[clean(word[0]), *word[1:]] for word in words])


_COLUMNS: Final = (
    *("recording_id", "rendition_id", "source", "text", "start_ms", "end_ms"),
    *("place", "confidence", "words", "start_byte", "end_byte", "transfer"),
)


def _pieces(line: str) -> Iterator[str]:
    """Split into parts of at most MAX_TEXT characters, at white space if possible."""
    while len(line) > MAX_TEXT:
        cut = max(line.rfind(" ", 1, MAX_TEXT), line.rfind("\n", 1, MAX_TEXT))
        cut = cut if cut > 0 else MAX_TEXT
        yield line[:cut]
        line = line[cut:]
    yield line


def _ids(session: Session, started_at: datetime, rows: Sequence[_Row]) -> Iterator[int]:
    """Return one id for each row, at its moment or after it if that is taken."""
    if not rows:
        return
    first = max(id_at(started_at), 1)
    wanted = [first + place[0] * _PER_MS for place, *_ in rows]
    taken = _taken(session, wanted[0], wanted[-1])
    free = 0
    for key in wanted:
        free = max(key, free)
        while free in taken:
            free += 1
        yield free
        free += 1


def _taken(session: Session, first: int, last: int) -> set[int]:
    """Return the ids used by recordings made at the same time."""
    at_the_time = select(col(SpanText.span_id)).where(col(SpanText.span_id).between(first, last + _PUSHED_MS * _PER_MS))
    return set(session.connection().execute(at_the_time).scalars())


def _tokens(line: str, source: SpanSource, facets: Sequence[str], alternatives: Sequence[str]) -> str:
    # The facets stand between the line's own tokens and the added ones, so that no phrase reaches across.
    parts = [*tokens(line), FACET_MARKS["source"] + source, *facets]
    parted = ([part.token for part in parts] for parts in word_parts(line))
    for words in chain(parted, other_readings(line, alternatives)):
        parts += [*words, BREAK]
    return " ".join(parts)
