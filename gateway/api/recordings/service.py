"""What the recording routes show, built from rows and files. Callers: the endpoints."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from PIL import Image
from sqlmodel import Session, select

from gateway.api.recordings import schemas
from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import NotFoundError
from gateway.core.order import OrderKind
from gateway.core.recording import layout
from gateway.core.session import CloseReason
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, AuditEvent, Order, Recording, Stage, Verification
from gateway.db.repositories import catalogue, orders
from gateway.db.repositories.recordings import refuse_purged
from gateway.storage.files import RecordingFiles
from gateway.storage.keyframes import KeyframeReader

# A player asks for a video in many ranges; they are one viewing.
VIEW_WINDOW: Final = timedelta(minutes=10)
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
    """Rows of a list, with what belongs to them, in three queries however many they are."""
    ids = [recording.id for recording in recordings]
    stages = catalogue.stages_of(session, ids)
    videos = catalogue.with_renditions(session, ids, layout.VIDEO)
    reasons = catalogue.close_reasons(session, (recording.session_id for recording in recordings))
    return [
        schemas.RecordingSummary(
            **_summary(row, stages.get(row.id, []), row.id in videos, reasons.get(row.session_id or ""))
        )
        for row in recordings
    ]


def whole(session: Session, recording: Recording) -> schemas.RecordingOut:
    """All about one recording."""
    [summary] = summaries(session, [recording])
    segments, gaps, renditions, archive = catalogue.parts_of(session, recording.id)
    restored = orders.newest(session, OrderKind.RESTORE, recording.id)
    return schemas.RecordingOut(
        **summary.model_dump(),
        digest=recording.digest,
        keys_recorded=recording.keys_recorded,
        archived_at=recording.archived_at,
        hot_until_at=recording.hot_until_at,
        facts=recording.facts,
        segments=[
            schemas.SegmentOut(**row.model_dump(include=set(schemas.SegmentOut.model_fields))) for row in segments
        ],
        gaps=[schemas.GapOut(**row.model_dump(include=set(schemas.GapOut.model_fields))) for row in gaps],
        renditions=[
            schemas.RenditionOut(**row.model_dump(include=set(schemas.RenditionOut.model_fields))) for row in renditions
        ],
        archive=[_archive_object(row) for row in archive],
        restore=restore_out(restored) if restored else None,
    )


def stage_out(stage: Stage) -> schemas.StageOut:
    """One stage as shown."""
    return schemas.StageOut.model_validate(stage.model_dump(include=set(schemas.StageOut.model_fields)))


def order_out(order: Order) -> schemas.OrderOut:
    """An order as shown."""
    return schemas.OrderOut.model_validate(order.model_dump(include=set(schemas.OrderOut.model_fields)))


def verification_out(row: Verification) -> schemas.VerificationOut:
    """One verification as shown."""
    return schemas.VerificationOut.model_validate(row.model_dump(include=set(schemas.VerificationOut.model_fields)))


def restore_out(order: Order) -> schemas.RestoreOut:
    """A restore as shown."""
    own = set(schemas.RestoreOut.model_fields) & set(Order.model_fields)
    return schemas.RestoreOut(**order.model_dump(include=own), days=order.parameters["days"])


def _archive_object(row: ArchiveObject) -> schemas.ArchiveObjectOut:
    return schemas.ArchiveObjectOut.model_validate(row.model_dump(include=set(schemas.ArchiveObjectOut.model_fields)))


def timeline(session: Session, recording: Recording, keyframes: KeyframeReader | None) -> schemas.TimelineOut:
    """What the player's timeline draws; without keyframes (not rendered yet) only gaps and idle stretches."""
    duration = recording.duration_ms or 0
    _segments, gaps, _renditions, _archive = catalogue.parts_of(session, recording.id)
    idle = recording.facts.get("render", {}).get("idle", [])
    frames = keyframes.keyframes if keyframes else ()
    return schemas.TimelineOut(
        duration_ms=duration,
        idle=[schemas.Stretch(start_ms=start, end_ms=end) for start, end in idle],
        gaps=[schemas.GapOut(**row.model_dump(exclude={"id", "recording_id"})) for row in gaps],
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


def note_view(database: Database, recording: Recording, actor: Actor) -> None:
    """Put the viewing into the audit trail, before anything is shown, once for all requests of one viewing.

    Asked first and written only when new: a player asks for many ranges, and SQLite has one writer.
    """
    with database.read() as session:
        seen = session.exec(
            select(AuditEvent.id).where(
                AuditEvent.tag == AuditTag.RECORDING_VIEWED.value,
                AuditEvent.actor_id == actor.user_id,
                AuditEvent.subject_id == recording.id,
                AuditEvent.at > utc_now() - VIEW_WINDOW,
            )
        ).first()
    if seen is None:
        with database.write() as session:
            record(session, AuditTag.RECORDING_VIEWED, actor, subject_id=recording.id)


def _summary(
    recording: Recording, stages: list[Stage], has_video: bool, close_reason: CloseReason | str | None
) -> dict[str, Any]:
    seconds = None
    if recording.searchable_at and recording.closed_at:
        seconds = (recording.searchable_at - recording.closed_at).total_seconds()
    own = set(schemas.RecordingSummary.model_fields) & set(Recording.model_fields)
    return recording.model_dump(include=own) | {
        "stages": [stage_out(stage) for stage in stages],
        "has_video": has_video,
        "close_reason": close_reason,
        "searchable_seconds": seconds,
    }


def _activity(changes: list[tuple[int, int]], duration_ms: int) -> list[float]:
    """Share of all changed pixels in each of equal parts of the recording, the busiest part being 1."""
    if not changes or duration_ms <= 0:
        return []
    parts = [0] * ACTIVITY_PARTS
    for offset_ms, area in changes:
        parts[min(offset_ms * ACTIVITY_PARTS // duration_ms, ACTIVITY_PARTS - 1)] += area
    most = max(parts) or 1
    return [round(part / most, 3) for part in parts]
