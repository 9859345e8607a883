"""Build the responses of the recording routes from rows and files."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from PIL import Image
from sqlmodel import Session

from gateway.api.recordings import schemas
from gateway.core.errors import NotFoundError
from gateway.core.recording import layout
from gateway.core.work import TaskKind
from gateway.db.columns import utc_now
from gateway.db.models import Recording, Stage, Task, Verification
from gateway.db.repositories import catalogue, holds, purges, queue, tasks
from gateway.db.repositories.recordings import refuse_purged
from gateway.renditions.keyframes import KeyframeReader
from gateway.storage.files import RecordingFiles

# As many bars as a timeline of 1440 pixels can show.
ACTIVITY_PARTS: Final = 240
_MAX_FRAME_WIDTH: Final = 4096


def find(session: Session, recording_id: str) -> Recording:
    """Return the recording. Raises NotFoundError."""
    recording = session.get(Recording, recording_id)
    if recording is None:
        raise NotFoundError("there is no such recording")
    return recording


def readable(session: Session, recording_id: str) -> Recording:
    """Return a recording that can be read. Raises NotFoundError, or GoneError if it was purged."""
    recording = find(session, recording_id)
    refuse_purged(recording)
    return recording


def summaries(session: Session, recordings: list[Recording]) -> list[schemas.RecordingSummary]:
    """Return list rows with their related rows, in five queries for any number of recordings."""
    ids = [recording.id for recording in recordings]
    stages = catalogue.stages_of(session, ids)
    videos = catalogue.with_renditions(session, ids, layout.VIDEO)
    reasons = catalogue.close_reasons(session, (recording.session_id for recording in recordings))
    held, due = holds.held(session, ids), purges.due_by_recording(session, ids)
    return [
        schemas.RecordingSummary(
            **_own(row),
            stages=[stage_out(stage) for stage in stages.get(row.id, [])],
            has_video=row.id in videos,
            poster_ms=row.facts.get("render", {}).get("poster_ms"),
            close_reason=reasons.get(row.session_id or ""),
            is_held=row.id in held,
            purge_due_at=due.get(row.id),
        )
        for row in recordings
    ]


def whole(session: Session, recording: Recording, process_count: int) -> schemas.RecordingOut:
    """Return everything about one recording; `process_count` workers share the queue."""
    [summary] = summaries(session, [recording])
    segments, gaps, renditions, archive = catalogue.parts_of(session, recording.id)
    restored = tasks.newest(session, TaskKind.RESTORE, recording.id)
    return schemas.RecordingOut(
        **summary.model_dump(),
        digest=recording.digest,
        keys_recorded=recording.keys_recorded,
        archived_at=recording.archived_at,
        hot_until_at=recording.hot_until_at,
        facts=recording.facts,
        segments=[schemas.SegmentOut.model_validate(row) for row in segments],
        gaps=[schemas.GapOut.model_validate(row) for row in gaps],
        renditions=[schemas.RenditionOut.model_validate(row) for row in renditions],
        archive=[schemas.ArchiveObjectOut.model_validate(row) for row in archive],
        restore=restore_out(restored) if restored else None,
        queue=_queue(session, recording, process_count),
    )


def _queue(session: Session, recording: Recording, process_count: int) -> schemas.QueueOut | None:
    place = queue.place(session, recording.id, utc_now(), process_count)
    if place is None:
        return None
    is_searchable = recording.searchable_at is not None
    return schemas.QueueOut(
        ahead_count=place.ahead_count, searchable_in_seconds=None if is_searchable else place.seconds
    )


def stage_out(stage: Stage) -> schemas.StageOut:
    """Return one stage."""
    return schemas.StageOut.model_validate(stage)


def verification_out(row: Verification) -> schemas.VerificationOut:
    """Return one verification."""
    return schemas.VerificationOut.model_validate(row)


def restore_out(task: Task) -> schemas.RestoreOut:
    """Return one restore."""
    own = set(schemas.RestoreOut.model_fields) & set(Task.model_fields)
    return schemas.RestoreOut(**task.model_dump(include=own), days=task.parameters["days"])


def timeline(session: Session, recording: Recording, keyframes: KeyframeReader | None) -> schemas.TimelineOut:
    """Return the player's timeline; before rendering (no keyframes) only gaps and idle stretches."""
    duration = recording.duration_ms or 0
    _segments, gaps, _renditions, _archive = catalogue.parts_of(session, recording.id)
    idle = recording.facts.get("render", {}).get("idle", [])
    frames = keyframes.keyframes if keyframes else ()
    return schemas.TimelineOut(
        duration_ms=duration,
        idle=[schemas.Stretch(start_ms=start, end_ms=end) for start, end in idle],
        gaps=[schemas.GapOut(**row.model_dump(include=set(schemas.GapOut.model_fields))) for row in gaps],
        keyframes=[frame.offset_ms for frame in frames],
        activity=_activity([(frame.offset_ms, sum(box.area for box in frame.damage)) for frame in frames], duration),
    )


def frame_jpeg(keyframes: KeyframeReader, offset_ms: int, width: int | None) -> bytes:
    """Return the screen at a time as JPEG, scaled down to `width` pixels if given."""
    image = Image.fromarray(keyframes.frame(keyframes.at(offset_ms).number))
    wanted = min(width or image.width, image.width, _MAX_FRAME_WIDTH)
    if wanted < image.width:
        image = image.resize((wanted, max(1, round(image.height * wanted / image.width))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


@contextmanager
def open_keyframes(files: RecordingFiles, recording: Recording) -> Iterator[KeyframeReader]:
    """Open the recording's keyframes on disk or in the archive. Raises NotFoundError before they exist."""
    with files.seekable(recording, layout.KEYFRAMES) as file, KeyframeReader(file) as keyframes:
        yield keyframes


def _own(recording: Recording) -> dict[str, Any]:
    """Return the fields a summary copies from the row."""
    seconds = None
    if recording.searchable_at and recording.came_at:
        seconds = (recording.searchable_at - recording.came_at).total_seconds()
    own = set(schemas.RecordingSummary.model_fields) & set(Recording.model_fields)
    return recording.model_dump(include=own) | {"searchable_seconds": seconds}


def _activity(changes: list[tuple[int, int]], duration_ms: int) -> list[float]:
    """Return the changed pixels in each of equally long parts, relative to the busiest part."""
    if not changes or duration_ms <= 0:
        return []
    parts = [0] * ACTIVITY_PARTS
    for offset_ms, area in changes:
        parts[min(offset_ms * ACTIVITY_PARTS // duration_ms, ACTIVITY_PARTS - 1)] += area
    most = max(parts) or 1
    return [round(part / most, 3) for part in parts]
