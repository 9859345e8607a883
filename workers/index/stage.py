"""The index stage: turn spans into indexed rows, so that the recording can be searched.

It reads `spans.jsonl.gz` and `text.jsonl.gz`, if they exist, and replaces the recording's spans in one transaction, so
that searches find the old ones until the new ones are complete. In the same transaction it stores the coverage, `searchable_at` at the first success,
and the findings of all watch terms. If the target's text is to be kept out of the index, nothing goes into the
database: the spans stay only in the encrypted file.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from sqlmodel import Session

from gateway.core.recording.layout import SPANS, TEXT
from gateway.core.recording.place import place_from_dict
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Transfer
from gateway.db.columns import utc_now
from gateway.db.database import after_commit
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.renditions.spans import read_lines
from gateway.search import PreparedSpans, Reading, joined, prepare_spans, write_spans
from gateway.search.upkeep import tidy
from gateway.search.watch import watch
from gateway.telemetry import get_logger
from workers.running.outputs import note_fact
from workers.running.work import Publish, StageWork

_log = get_logger()


def run(work: StageWork) -> Publish:
    """Read the spans and prepare rows; publishing replaces the old ones."""
    if not work.recording.index_text:
        return lambda session: _publish_nothing(session, work)
    prepared = _prepared(work)
    return lambda session: _publish(session, work, prepared)


def readings_in(source: Path | IO[bytes]) -> Iterator[Reading]:
    """Yield all spans of a file. Raises InvalidInputError if it is damaged."""
    return read_lines(source, _reading)


def _prepared(work: StageWork) -> PreparedSpans:
    with work.context.database.read() as session:
        texts = [row for row in recordings.renditions(session, work.recording.id) if row.name in {SPANS, TEXT}]
    prepared = []
    for rendition in texts:
        with work.context.files.seekable(work.recording, rendition.name) as file:
            prepared.append(prepare_spans(work.recording, readings_in(file), rendition.id))
    return joined(work.recording, prepared)


def _reading(row: Mapping[str, Any]) -> Reading:
    """Parse a line of the file. Raises Python's own errors if it is invalid."""
    place, transfer = row["place"], row["transfer"]
    return Reading(
        str(row["text"]),
        int(row["start_ms"]),
        int(row["end_ms"]),
        SpanSource(row["source"]),
        None if place is None else place_from_dict(place),
        float(row["confidence"]),
        [[str(text), *map(int, at)] for text, at in row["words"]],
        int(row["start_byte"]),
        int(row["end_byte"]),
        [str(text) for text in row["alternatives"]],
        None if transfer is None else Transfer.from_dict(transfer).as_dict(),
    )


def _publish(session: Session, work: StageWork, prepared: PreparedSpans) -> None:
    span_count = write_spans(session, prepared)
    after_commit(session, partial(tidy, work.context.database))
    row = recordings.get(session, work.recording.id, lock=True)
    # None if nothing was shown.
    coverage = row.facts.get("ocr", {}).get("coverage", {})
    row.screen_seconds = coverage.get("screen_seconds", row.screen_seconds or 0.0)
    row.read_seconds = coverage.get("read_seconds", row.read_seconds or 0.0)
    if row.searchable_at is None:
        row.searchable_at = utc_now()
        _log.info("recording.searchable", recording_id=row.id, seconds=_delay_seconds(row), span_count=span_count)
    note_fact(row, "index", {"spans": span_count})
    session.add(row)
    finding_count = watch(session, row.id)
    if finding_count:
        _log.info("findings.created", recording_id=row.id, finding_count=finding_count)


def _publish_nothing(session: Session, work: StageWork) -> None:
    write_spans(session, prepare_spans(work.recording, ()))
    row = recordings.get(session, work.recording.id, lock=True)
    note_fact(row, "index", {"spans": 0, "reason": "the target's text is kept out of the search index"})
    session.add(row)


def _delay_seconds(row: Recording) -> float | None:
    """Return the seconds from disconnect or import to searchable."""
    if row.searchable_at is None or row.came_at is None:
        return None
    return round((row.searchable_at - row.came_at).total_seconds(), 3)
