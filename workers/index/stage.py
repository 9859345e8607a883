"""The index stage: spans become rows, which the full-text index follows, and the recording can be searched.

Called by `workers.pipeline`. In: `spans.jsonl.gz`. Out: the recording's spans, replaced in one transaction, so that a
search finds the old ones until the new ones are whole; how much of the screen they cover; `searchable_at` at the first
success; and, in the same transaction, the findings of all watch terms.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlmodel import Session

from gateway.core.recording.layout import SPANS
from gateway.db.columns import utc_now
from gateway.db.database import after_commit
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.search import PreparedSpans, Reading, prepare_spans, write_spans
from gateway.search.upkeep import tidy
from gateway.search.watch import watch
from gateway.telemetry import get_logger
from workers.ocr.spans import Span, read_spans
from workers.work import Publish, StageWork

_log = get_logger()


def run(work: StageWork) -> Publish:
    """Read the spans and make rows of them; publishing puts these in the place of the old."""
    shown = work.recording.facts.get("render", {}).get("shown", True)
    readings = _readings(work) if shown else ()
    prepared = prepare_spans(work.recording, readings)
    return lambda session: _publish(session, work, prepared)


def _readings(work: StageWork) -> Iterator[Reading]:
    return readings_in(work.context.files.fetch(work.recording, SPANS, work.scratch / SPANS))


def readings_in(path: Path) -> Iterator[Reading]:
    """All spans of a `spans.jsonl.gz`, one by one. Raises InvalidInputError when it is damaged."""
    return map(_reading, read_spans(path))


def _reading(span: Span) -> Reading:
    return Reading(
        span.text,
        span.start_ms,
        span.end_ms,
        span.source,
        *span.box,
        span.confidence,
        [[word.text, *word.box] for word in span.words],
        span.start_byte,
        span.end_byte,
        span.alternatives,
    )


def _publish(session: Session, work: StageWork, prepared: PreparedSpans) -> None:
    span_count = write_spans(session, prepared)
    after_commit(session, partial(tidy, work.context.database))
    row = recordings.get(session, work.recording.id, lock=True)
    # None where nothing was shown, or read before there was one: then the migration has filled it in.
    coverage = row.facts.get("ocr", {}).get("coverage", {})
    row.screen_seconds = coverage.get("screen_seconds", row.screen_seconds or 0.0)
    row.read_seconds = coverage.get("read_seconds", row.read_seconds or 0.0)
    if row.searchable_at is None:
        row.searchable_at = utc_now()
        _log.info("recording.searchable", recording_id=row.id, seconds=_delay_seconds(row), span_count=span_count)
    session.add(row)
    finding_count = watch(session, row.id)
    if finding_count:
        _log.info("findings.made", recording_id=row.id, finding_count=finding_count)


def _delay_seconds(row: Recording) -> float | None:
    """From disconnect to searchable."""
    if row.searchable_at is None or row.closed_at is None:
        return None
    return round((row.searchable_at - row.closed_at).total_seconds(), 3)
