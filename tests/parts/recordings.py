"""Recordings as a gateway leaves them when a session has closed: files, row, stages; small enough to run in a second."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from gateway.audit import Actor, AuditTag, record
from gateway.core.desktop.guac import NEED_DATA, GuacParser
from gateway.core.recording.entries import Ended, Header, Writer
from gateway.core.recording.layout import VIDEO, recording_folder, segment_name
from gateway.core.recording.manifest import VERSION
from gateway.core.recording.states import RecordingSource
from gateway.core.recording.testimony import Closing, Opening
from gateway.core.work import StageName, WorkState
from gateway.db.columns import new_id, utc_now
from gateway.db.models import Recording
from gateway.db.repositories import recordings, stages
from gateway.storage.original import Attest, OriginalLimits, OriginalWriter
from gateway.work import stages as pipeline
from workers.running.outputs import finished, put_renditions
from workers.running.scratch import recordings_root, scratch_folder
from workers.running.work import StageWork, WorkerContext
from workers.stages import run_next

DATA = Path(__file__).parent.parent / "data"
STARTED_AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def small_original(syncs: int = 6) -> bytes:
    """The beginning of the sample of a terminal, up to so many frames."""
    data = (DATA / "terminal-vnc.guac").read_bytes()
    parser = GuacParser()
    parser.feed(data)
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        assert not isinstance(instruction, type(NEED_DATA))
        syncs -= instruction.opcode == "sync"
        if not syncs:
            break
    return data[: parser.offset]


def halves(original: bytes) -> list[bytes]:
    """The original as two segments, cut behind a whole instruction."""
    middle = original.index(b";", len(original) // 2) + 1
    return [original[:middle], original[middle:]]


def ignore_job(_name: str, *_ids: str) -> None:
    """For tests that run the stages themselves."""


def place_recording(
    context: WorkerContext,
    segments: Sequence[bytes],
    *,
    ended: bool = True,
    ended_ms: int | None = None,
    segment_bytes: int = 1,
    send_job: pipeline.SendJob = ignore_job,
    source: RecordingSource = RecordingSource.LIVE,
) -> Recording:
    """An open recording whose stream has just ended; `ended=False`: its gateway was killed before it could say so.

    What a killed gateway wrote last is in the file, without a chunk that vouches for it. Each of `segments` is a write, a
    record and a chunk; with larger `segment_bytes` several of them are in one segment.
    """
    recording_id = new_id()
    recording = Recording(
        id=recording_id,
        source=source,
        folder=recording_folder(recording_id, STARTED_AT),
        target_name="lab",
        operator_name="olga",
        started_at=STARTED_AT,
        closed_at=utc_now(),
    )
    data_key, key_row = context.keys.data.new(recording.id)
    signer = context.keys.signer()
    attest = Attest(data_key, signer.key_id, signer.sign)
    limits = OriginalLimits(segment_bytes, math.inf)
    opening, closing = _write(
        context.files.folder(recording), recording, attest, segments, limits, ended=ended, ended_ms=ended_ms
    )
    with context.database.write() as session:
        session.add(recording)
        session.flush()
        session.add(key_row)
        gateway = Actor("gateway")
        record(session, AuditTag.RECORDING_OPENED, gateway, subject_id=recording.id, **opening.details())
        if ended:
            record(session, AuditTag.RECORDING_CLOSED, gateway, subject_id=recording.id, **closing.details())
        pipeline.begin(session, recording, send_job)
    return recording


def place_sealed(context: WorkerContext, segments: Sequence[bytes], *, video_bytes: int = 76_800) -> Recording:
    """A recording that waits for the archive alone: sealed, with a stand-in for a video; ready within a moment."""
    placed = place_recording(context, segments)
    assert run_next(context, placed.id), "seal"
    with context.database.read() as session:
        recording = recordings.get(session, placed.id)
    with scratch_folder(context, recordings_root(context)) as scratch:
        work = StageWork(context, recording, scratch, lambda _share: None)
        (scratch / VIDEO).write_bytes(bytes(range(256)) * (video_bytes // 256))
        video = finished(work, VIDEO, "a stand-in")
        with context.database.write() as session:
            put_renditions(session, work, [video])
            for name, stage in stages.of_recording(session, recording.id).items():
                if name is not StageName.TIER:
                    stage.state = WorkState.DONE
                    session.add(stage)
    return recording


def _write(
    folder: Path,
    recording: Recording,
    attest: Attest,
    segments: Sequence[bytes],
    limits: OriginalLimits,
    *,
    ended: bool,
    ended_ms: int | None,
) -> tuple[Opening, Closing]:
    header = Header(
        VERSION,
        recording.id,
        None,
        recording.target_name,
        recording.operator_name,
        recording.started_at,
        recording.kind,
    )
    writer = OriginalWriter(folder, header, limits, attest, Writer.GATEWAY)
    for data in segments:
        writer.write(data)
        if ended or data is not segments[-1]:
            writer.sync()
    if ended:
        writer.finish(Ended(STARTED_AT, "operator_left", ended_ms))
    writer.abandon()
    opening = Opening.of_header(header, writer.header_sha256)
    return opening, writer.closing


def stored_segment(context: WorkerContext, recording: Recording, number: int) -> bytearray:
    """The file of a segment as it is kept."""
    return bytearray((context.files.folder(recording) / segment_name(number, "guac")).read_bytes())
