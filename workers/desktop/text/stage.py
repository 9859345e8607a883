"""The text stage of desktops: the exact text that was typed, copied and transferred, with its times.

Reads the original, hot or archived. Writes `text.jsonl.gz` with its row if there is any text, and the counts in
`facts["text"]`.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from gateway.core.recording.layout import TEXT
from gateway.core.recording.states import RecordingSource
from gateway.db.repositories import recordings
from workers.confine import Limits, run_confined
from workers.running.inputs import original_request
from workers.running.outputs import Output, note_fact
from workers.running.texts import finished_spans, put_spans
from workers.running.work import Publish, StageWork

# Streams are read in pieces; the largest objects in memory are the texts of open clipboards.
_LIMITS: Final = Limits(memory_bytes=2**30)
_ENGINE: Final = "reelgate text"


def run(work: StageWork) -> Publish:
    """Extract in a confined process. The stage is done if the file holds as many spans as were counted."""
    request = {
        **original_request(work),
        "text": TEXT,
        "is_live": work.recording.source is RecordingSource.LIVE,
    }
    fact = run_confined("workers.desktop.text.inside", request, work.progress, _LIMITS, work.scratch)
    output = finished_spans(work, TEXT, fact["spans"], _ENGINE)
    return lambda session: _publish(session, work, output if fact["spans"] else None, fact)


def _publish(session: Session, work: StageWork, output: Output | None, fact: Mapping[str, Any]) -> None:
    put_spans(session, work, TEXT, output)
    row = recordings.get(session, work.recording.id, lock=True)
    note_fact(row, "text", fact)
    session.add(row)
