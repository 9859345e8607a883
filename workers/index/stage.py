"""The index stage: spans become rows, which the full-text index follows, and the recording can be searched.

Called by `workers.pipeline`. In: `spans.jsonl.gz`. Out: the recording's spans, replaced in one transaction, so that a
search finds the old ones until the new ones are whole; how much of the screen they cover; `searchable_at` at the first
success; and, in the same transaction, the findings of all watch terms. Of a recording whose target's text is to be kept
out of the index nothing goes into the database: its spans stay in the file alone, which is encrypted.
"""

from sqlmodel import Session

from gateway.core.recording.layout import SPANS
from gateway.db.columns import utc_now
from gateway.db.models import Recording, Span
from gateway.db.repositories import recordings
from gateway.search import Reading, write_spans
from gateway.search.watch import watch
from gateway.telemetry import get_logger
from workers.ocr.spans import Span as ReadSpan, read_spans
from workers.outputs import note_fact
from workers.work import Publish, StageWork

_log = get_logger()


def run(work: StageWork) -> Publish:
    """Read the spans; publishing replaces the rows."""
    if not work.recording.index_text:
        return lambda session: _publish_nothing(session, work)
    shown = work.recording.facts.get("render", {}).get("shown", True)
    readings = _readings(work) if shown else []
    return lambda session: _publish(session, work, readings)


def _readings(work: StageWork) -> list[Reading]:
    with work.context.database.read() as session:
        rendition = recordings.rendition(session, work.recording.id, SPANS)
    with work.context.files.seekable(work.recording, SPANS) as file:
        return [Reading(_row(work.recording.id, rendition.id, span), span.alternatives) for span in read_spans(file)]


def _row(recording_id: str, rendition_id: str, span: ReadSpan) -> Span:
    return Span(
        recording_id=recording_id,
        rendition_id=rendition_id,
        source=span.source,
        transfer=span.transfer.as_dict() if span.transfer else None,
        text=span.text,
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        x=span.box.x,
        y=span.box.y,
        width=span.box.width,
        height=span.box.height,
        confidence=span.confidence,
        words=[[word.text, word.box.x, word.box.y, word.box.width, word.box.height] for word in span.words],
        start_byte=span.start_byte,
        end_byte=span.end_byte,
    )


def _publish(session: Session, work: StageWork, readings: list[Reading]) -> None:
    span_count = write_spans(session, work.recording.id, readings)
    row = recordings.get(session, work.recording.id, lock=True)
    # None where nothing was shown, or read before there was one: then the migration has filled it in.
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
        _log.info("findings.made", recording_id=row.id, finding_count=finding_count)


def _publish_nothing(session: Session, work: StageWork) -> None:
    write_spans(session, work.recording.id, [])
    row = recordings.get(session, work.recording.id, lock=True)
    note_fact(row, "index", {"spans": 0, "reason": "the target's text is kept out of the search index"})
    session.add(row)


def _delay_seconds(row: Recording) -> float | None:
    """From disconnect to searchable."""
    if row.searchable_at is None or row.closed_at is None:
        return None
    return round((row.searchable_at - row.closed_at).total_seconds(), 3)
