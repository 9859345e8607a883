"""What the recording routes show, built from rows and files. Callers: the endpoints."""

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

# Bars a timeline of 1440 pixels can show side by side.
ACTIVITY_PARTS: Final = 240
_MAX_FRAME_WIDTH: Final = 4096


def find(session: Session, recording_id: str) -> Recording:
    """The recording of that id, or NotFoundError."""
    recording = session.get(Recording, recording_id)
    if recording is None:
        raise NotFoundError("there is no such recording")
    return recording


def readable(session: Session, recording_id: str) -> Recording:
    """The recording of that id, which has something to read; NotFoundError, or GoneError for one that was purged."""
    recording = find(session, recording_id)
    refuse_purged(recording)
    return recording


def summaries(session: Session, recordings: list[Recording]) -> list[schemas.RecordingSummary]:
    """Rows of a list, with what belongs to them, in five queries however many they are."""
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
    """All about one recording; `process_count` workers share the queue."""
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
    """One stage as shown."""
    return schemas.StageOut.model_validate(stage)


def verification_out(row: Verification) -> schemas.VerificationOut:
    """One verification as shown."""
    return schemas.VerificationOut.model_validate(row)


def restore_out(task: Task) -> schemas.RestoreOut:
    """A restore as shown."""
    own = set(schemas.RestoreOut.model_fields) & set(Task.model_fields)
    return schemas.RestoreOut(**task.model_dump(include=own), days=task.parameters["days"])


def timeline(session: Session, recording: Recording, keyframes: KeyframeReader | None) -> schemas.TimelineOut:
    """What the player's timeline draws; without keyframes (not rendered yet) only gaps and idle stretches."""
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
    """The screen at that time as JPEG, scaled down to `width` pixels when given."""
    image = Image.fromarray(keyframes.frame(keyframes.at(offset_ms).number))
    wanted = min(width or image.width, image.width, _MAX_FRAME_WIDTH)
    if wanted < image.width:
        image = image.resize((wanted, max(1, round(image.height * wanted / image.width))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


@contextmanager
def open_keyframes(files: RecordingFiles, recording: Recording) -> Iterator[KeyframeReader]:
    """The recording's keyframes, from disk or archive; NotFoundError when they are not made yet."""
    with files.seekable(recording, layout.KEYFRAMES) as file, KeyframeReader(file) as keyframes:
        yield keyframes


def _own(recording: Recording) -> dict[str, Any]:
    """What a summary takes from the row as it is."""
    seconds = None
    if recording.searchable_at and recording.came_at:
        seconds = (recording.searchable_at - recording.came_at).total_seconds()
    own = set(schemas.RecordingSummary.model_fields) & set(Recording.model_fields)
    return recording.model_dump(include=own) | {"searchable_seconds": seconds}


def _activity(changes: list[tuple[int, int]], duration_ms: int) -> list[float]:
    """Share of all changed pixels in each of equal parts of the recording, the busiest part being 1."""
    if not changes or duration_ms <= 0:
        return []
    parts = [0] * ACTIVITY_PARTS
    for offset_ms, area in changes:
        parts[min(offset_ms * ACTIVITY_PARTS // duration_ms, ACTIVITY_PARTS - 1)] += area
    most = max(parts) or 1
    return [round(part / most, 3) for part in parts]
