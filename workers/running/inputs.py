"""Files of a recording, put into the scratch folder for a confined process, which can read nothing else."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from gateway.core.recording.states import GapCause
from gateway.db.repositories import recordings
from workers.running.work import StageWork


def original_request(work: StageWork) -> dict[str, Any]:
    """The original as a request names it: `segments` (paths in the scratch folder, in order) and `damaged`."""
    with work.context.database.read() as session:
        segments = recordings.segments(session, work.recording.id)
        gaps = recordings.gaps(session, work.recording.id)
    damaged = any(gap.cause is GapCause.SEGMENT_DAMAGED for gap in gaps)
    fetch = partial(work.context.files.fetch, work.recording, damaged=damaged)
    return {
        "segments": [
            in_scratch(work.scratch, fetch(segment.name, work.scratch / f"{segment.number:06d}.guac"))
            for segment in segments
        ],
        "damaged": damaged,
    }


def in_scratch(scratch: Path, path: Path) -> str:
    """The name of the file in the scratch folder; copied there where it is a hot copy that is not encrypted."""
    if path.parent != scratch:
        shutil.copyfile(path, scratch / path.name)
    return path.name
