"""Files of a recording, copied into the scratch folder for a confined process, which can read nothing else."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from gateway.core.recording.states import GapCause
from gateway.db.repositories import recordings
from workers.running.work import StageWork


def original_request(work: StageWork) -> dict[str, Any]:
    """Return the original as named in requests: `kind`, `segments` (paths in the scratch folder, in order), `damaged`."""
    with work.context.database.read() as session:
        segments = recordings.segments(session, work.recording.id)
        gaps = recordings.gaps(session, work.recording.id)
    damaged = any(gap.cause is GapCause.SEGMENT_DAMAGED for gap in gaps)
    fetch = partial(work.context.files.fetch, work.recording, damaged=damaged)
    return {
        "kind": work.recording.kind,
        "segments": [
            in_scratch(work.scratch, fetch(segment.name, work.scratch / Path(segment.name).name))
            for segment in segments
        ],
        "damaged": damaged,
    }


def in_scratch(scratch: Path, path: Path) -> str:
    """Return the name of the file in the scratch folder; a hot copy in clear is copied there."""
    if path.parent != scratch:
        shutil.copyfile(path, scratch / path.name)
    return path.name
