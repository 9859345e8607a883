"""The ocr stage: text that was on the screen, with place and time.

Reads `keyframes.zip`, hot or archived. Writes `spans.jsonl.gz` with its row, and the coverage in `facts["ocr"]`. If
nothing was rendered, there is nothing to read.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from gateway.core.recording.layout import KEYFRAMES, SPANS
from gateway.db.repositories import recordings
from workers.confine import Limits, run_confined
from workers.desktop.ocr.coverage import with_gaps
from workers.running.inputs import in_scratch
from workers.running.outputs import Output, note_fact
from workers.running.texts import finished_spans, put_spans
from workers.running.work import Publish, StageWork

# RapidOCR's models and buffers take about 1 GB, Tesseract 200 MB.
_LIMITS = Limits(memory_bytes=3 * 2**30)


def run(work: StageWork) -> Publish:
    """Read in a confined process. The stage is done if the file holds as many spans as the reading counted."""
    with work.context.database.read() as session:
        is_rendered = any(row.name == KEYFRAMES for row in recordings.renditions(session, work.recording.id))
    if not is_rendered:
        return lambda session: _publish(session, work, None, {"spans": 0}, is_rendered=False)
    reading = _read(work)
    output = finished_spans(work, SPANS, reading["spans"], f"{reading['engine']} {reading['engine_version']}")
    return lambda session: _publish(session, work, output, reading, is_rendered=True)


def _read(work: StageWork) -> dict[str, Any]:
    settings = work.context.settings
    keyframes = work.context.files.fetch(work.recording, KEYFRAMES, work.scratch / KEYFRAMES)
    request = {
        "keyframes": in_scratch(work.scratch, keyframes),
        "spans": SPANS,
        "engine": work.recording.ocr_engine or settings.ocr_engine,
        "languages": settings.ocr_languages,
    }
    return run_confined("workers.desktop.ocr.inside", request, work.progress, _LIMITS, work.scratch)


def _publish(
    session: Session, work: StageWork, output: Output | None, reading: Mapping[str, Any], *, is_rendered: bool
) -> None:
    put_spans(session, work, SPANS, output)
    gaps = recordings.gaps(session, work.recording.id)
    row = recordings.get(session, work.recording.id, lock=True)
    unrendered = [(start_ms, end_ms) for start_ms, end_ms, *_size in row.facts.get("render", {}).get("unrendered", ())]
    fact = dict(reading)
    if is_rendered or unrendered:
        fact["coverage"] = with_gaps(reading, gaps, row.duration_ms or 0, unrendered)
    note_fact(row, "ocr", fact)
    session.add(row)
