"""The text stage: a file where there is text, none where there is none, whatever was there before."""

from gateway.core.desktop.guac import encode
from gateway.core.recording.layout import SPANS, TEXT
from gateway.core.recording.states import GapCause, SpanSource
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.renditions.spans import Span, read_spans
from gateway.storage.encryption.layout import HEADER_BYTES
from tests.parts.recordings import place_recording
from workers import stages as pipeline
from workers.desktop.text.stage import run
from workers.running.outputs import finished, put_renditions
from workers.running.scratch import recordings_root, scratch_folder
from workers.running.work import StageWork, WorkerContext

FRAME = encode("size", 0, 64, 48) + encode("sync", 1000)


def typed(text: str, at_ms: int = 2000) -> bytes:
    return b"".join(encode("key", ord(letter), 1, at_ms + number) for number, letter in enumerate(text))


def sealed(context: WorkerContext, *segments: bytes) -> Recording:
    placed = place_recording(context, segments)
    assert pipeline.run_next(context, placed.id), "seal"
    return read(context, placed)


def read(context: WorkerContext, recording: Recording) -> Recording:
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def extract(context: WorkerContext, recording: Recording) -> list[Span] | None:
    """Run the stage; what is in its file, None where it made none."""
    with scratch_folder(context, recordings_root(context)) as scratch:
        publish = run(StageWork(context, recording, scratch, lambda _share: None))
        with context.database.write() as session:
            publish(session)
    with context.database.read() as session:
        if TEXT not in {row.name for row in recordings.renditions(session, recording.id)}:
            return None
    with context.files.seekable(recording, TEXT) as file:
        return list(read_spans(file))


def test_what_was_typed_is_in_its_file_and_counted(context: WorkerContext) -> None:
    recording = sealed(context, FRAME, typed("whoami"))
    assert [(span.text, span.source) for span in extract(context, recording) or ()] == [("whoami", SpanSource.KEYS)]
    facts = read(context, recording).facts["text"]
    assert (facts["spans"], facts["keys"], facts["clipboard"], facts["file"]) == (1, 1, 0, 0)
    with context.database.read() as session:
        assert SPANS not in {row.name for row in recordings.renditions(session, recording.id)}


def test_without_text_there_is_no_file_and_an_earlier_one_is_forgotten(context: WorkerContext) -> None:
    recording = sealed(context, FRAME)
    with scratch_folder(context, recordings_root(context)) as scratch:
        work = StageWork(context, recording, scratch, lambda _share: None)
        (scratch / TEXT).write_bytes(b"of an earlier version")
        with context.database.write() as session:
            put_renditions(session, work, [finished(work, TEXT, "earlier")])
    assert extract(context, recording) is None
    assert read(context, recording).facts["text"]["spans"] == 0


def test_a_damaged_segment_does_not_spoil_what_comes_after_it(context: WorkerContext) -> None:
    placed = place_recording(context, [FRAME + typed("before"), typed("lost", 3000), typed("after", 90_000)])
    path = context.files.folder(placed) / "segments/000001.guac"
    data = bytearray(path.read_bytes())
    data[HEADER_BYTES + 20] ^= 1
    path.write_bytes(data)
    assert pipeline.run_next(context, placed.id), "seal"
    with context.database.read() as session:
        assert [gap.cause for gap in recordings.gaps(session, placed.id)] == [GapCause.SEGMENT_DAMAGED]
    assert [span.text for span in extract(context, read(context, placed)) or ()] == ["before", "after"]
