"""Recordings as a gateway leaves them when a session has closed: files, row, stages; small enough to run in a second."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from gateway import pipeline
from gateway.core.guac import NEED_DATA, GuacParser
from gateway.core.jobs import StageName, StageState
from gateway.core.recording import manifest
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER, VIDEO, recording_folder, segment_name
from gateway.core.recording.states import RecordingSource
from gateway.db.columns import new_id, utc_now
from gateway.db.models import Recording, Rendition
from gateway.db.repositories import recordings, stages
from gateway.storage.local import sha256_of
from workers.pipeline import run_next
from workers.work import WorkerContext

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
    send_job: pipeline.SendJob = ignore_job,
) -> Recording:
    """An open recording whose stream has just ended; `ended=False`: its gateway was killed before it could say so."""
    recording_id = new_id()
    recording = Recording(
        id=recording_id,
        source=RecordingSource.LIVE,
        folder=recording_folder(recording_id, STARTED_AT),
        target_name="lab",
        operator_name="olga",
        started_at=STARTED_AT,
        closed_at=utc_now(),
    )
    _write(context.files.folder(recording), recording, segments, ended=ended)
    with context.database.write() as session:
        session.add(recording)
        session.flush()
        pipeline.begin(session, recording, send_job)
    return recording


def place_sealed(context: WorkerContext, segments: Sequence[bytes]) -> Recording:
    """A recording that waits for the archive alone: sealed, with a stand-in for a video; ready within a moment."""
    recording = place_recording(context, segments)
    assert run_next(context, recording.id), "seal"
    path = context.files.folder(recording) / VIDEO
    path.write_bytes(bytes(range(256)) * 300)
    with context.database.write() as session:
        digest, size = sha256_of([path.read_bytes()])
        recordings.put_rendition(
            session,
            Rendition(recording_id=recording.id, name=VIDEO, size_bytes=size, sha256=digest, engine="a stand-in"),
        )
        for name, stage in stages.of_recording(session, recording.id).items():
            if name is not StageName.TIER:
                stage.state = StageState.DONE
                session.add(stage)
        return recordings.get(session, recording.id)


def _write(folder: Path, recording: Recording, segments: Sequence[bytes], *, ended: bool) -> None:
    (folder / SEGMENT_FOLDER).mkdir(parents=True)
    header = manifest.Header(
        manifest.VERSION,
        recording.id,
        None,
        recording.target_name,
        recording.operator_name,
        recording.started_at,
        recording.kind,
    )
    entries: list[manifest.Entry] = [header]
    for number, data in enumerate(segments):
        (folder / segment_name(number)).write_bytes(data)
        entries.append(manifest.SegmentOpened(number, segment_name(number), STARTED_AT))
        if ended or number < len(segments) - 1:
            entries.append(manifest.SegmentClosed(number, len(data), sha256_of([data])[0]))
    if ended:
        entries.append(manifest.Ended(STARTED_AT, "operator_left"))
    (folder / MANIFEST).write_bytes(b"".join(map(manifest.encode_entry, entries)))
