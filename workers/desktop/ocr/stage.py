"""The ocr stage: what was on the screen, typed, copied and transferred becomes text with place and time.

Called by `workers.stages`. In: `keyframes.zip` and the original, hot or archived. Out: `spans.jsonl.gz` with its row,
what the reading covered in `facts["ocr"]`. Where nothing was rendered there is only what was typed and sent, if anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from gateway.core.errors import ReelgateError
from gateway.core.recording.layout import KEYFRAMES, SPANS
from gateway.core.recording.states import RecordingSource
from gateway.db.repositories import recordings
from gateway.renditions.spans import read_spans
from workers.confine import Limits, run_confined
from workers.desktop.ocr.coverage import with_gaps
from workers.running.inputs import in_scratch, original_request
from workers.running.outputs import Output, finished, note_fact, put_renditions
from workers.running.work import Publish, StageWork

# Models of RapidOCR with their buffers take about 1 GB, Tesseract 200 MB.
_LIMITS = Limits(memory_bytes=3 * 2**30)


class SpanCountError(ReelgateError):
    """The spans file does not hold what the engine said it wrote."""


def run(work: StageWork) -> Publish:
    """Read in a confined process; done when the file holds as many spans as the reading counted."""
    rendered = work.recording.facts.get("render", {})
    shown = rendered.get("shown", True)
    reading = _read(work, shown=shown)
    count = sum(1 for _ in read_spans(work.scratch / SPANS))
    if count != reading["spans"]:
        raise SpanCountError(f"{reading['spans']} pieces of text were read and {count} written")
    if not (shown or count):
        return lambda session: _publish(session, work, [], {"spans": 0, "reason": rendered["reason"]})
    output = finished(work, SPANS, f"{reading['engine']} {reading['engine_version']}")
    return lambda session: _publish(session, work, [output], reading)


def _read(work: StageWork, *, shown: bool) -> dict[str, Any]:
    settings = work.context.settings
    keyframes = work.context.files.fetch(work.recording, KEYFRAMES, work.scratch / KEYFRAMES) if shown else None
    request = {
        **original_request(work),
        "keyframes": in_scratch(work.scratch, keyframes) if keyframes else None,
        "spans": SPANS,
        "is_live": work.recording.source is RecordingSource.LIVE,
        "engine": work.recording.ocr_engine or settings.ocr_engine,
        "languages": settings.ocr_languages,
    }
    answer = run_confined("workers.desktop.ocr.inside", request, work.progress, _LIMITS, work.scratch)
    reading: dict[str, Any] = answer["reading"]
    return reading


def _publish(session: Session, work: StageWork, outputs: Sequence[Output], reading: Mapping[str, Any]) -> None:
    put_renditions(session, work, outputs)
    gaps = recordings.gaps(session, work.recording.id)
    row = recordings.get(session, work.recording.id, lock=True)
    rendered = row.facts.get("render", {})
    unrendered = [(start_ms, end_ms) for start_ms, end_ms, *_size in rendered.get("unrendered", ())]
    fact = dict(reading)
    if rendered.get("shown", True) or unrendered:
        fact["coverage"] = with_gaps(reading, gaps, row.duration_ms or 0, unrendered)
    note_fact(row, "ocr", fact)
    session.add(row)
