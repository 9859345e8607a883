"""Where the original of a recording is to be read. Callers: the render and ocr stages, for their confined processes."""

from functools import partial
from typing import Any

from gateway.core.recording.states import GapCause
from gateway.db.repositories import recordings
from workers.work import StageWork


def original_request(work: StageWork) -> dict[str, Any]:
    """What a confined process is told: `segments` (paths in order, fetched where need be) and `damaged`."""
    with work.context.database.read() as session:
        segments = recordings.segments(session, work.recording.id)
        gaps = recordings.gaps(session, work.recording.id)
    damaged = any(gap.cause is GapCause.SEGMENT_DAMAGED for gap in gaps)
    fetch = partial(work.context.files.fetch, work.recording, damaged=damaged)
    return {
        "segments": [str(fetch(segment.name, work.scratch / f"{segment.number:06d}.guac")) for segment in segments],
        "damaged": damaged,
    }
