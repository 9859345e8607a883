"""Sealing keeps everything, and notes what is missing or damaged with the times between which it lies."""

from pathlib import Path

import pytest

from gateway.core.desktop.guac import encode
from gateway.core.recording.layout import DAMAGED_MANIFEST, MANIFEST, segment_name
from gateway.core.recording.manifest import parse_manifest
from gateway.core.recording.states import GapCause, RecordingState
from gateway.db.models import Gap, Recording
from gateway.db.repositories import recordings, stages
from gateway.storage.local import sha256_of
from tests.parts.recordings import place_recording, stored_segment
from workers import stages as pipeline
from workers.running.scratch import recordings_root, scratch_folder
from workers.running.work import StageWork, WorkerContext
from workers.seal.stage import run

SEGMENTS = [
    encode("size", 0, 640, 480) + encode("sync", 1000) + encode("sync", 1500),
    encode("sync", 2000) + encode("sync", 2500),
    encode("sync", 3000) + encode("sync", 3600),
]


def seal(context: WorkerContext, recording: Recording) -> tuple[Recording, list[Gap]]:
    assert pipeline.run_next(context, recording.id), error_of(context, recording)
    with context.database.read() as session:
        return recordings.get(session, recording.id), recordings.gaps(session, recording.id)


def error_of(context: WorkerContext, recording: Recording) -> str | None:
    with context.database.read() as session:
        return next(iter(stages.of_recording(session, recording.id).values())).error


def bounds(gap: Gap) -> tuple[int, int | None, GapCause]:
    return gap.start_ms, gap.end_ms, gap.cause


def folder_of(context: WorkerContext, recording: Recording) -> Path:
    return context.files.folder(recording)


def test_a_whole_recording_has_no_gap(context: WorkerContext) -> None:
    recording = place_recording(context, SEGMENTS)
    row, gaps = seal(context, recording)
    assert gaps == []
    assert (row.state, row.duration_ms) == (RecordingState.SEALED, 2600)
    assert row.digest == sha256_of(SEGMENTS)[0]
    data = (folder_of(context, recording) / MANIFEST).read_bytes()
    assert row.facts["seal"] == {"gap_count": 0, "manifest_sha256": sha256_of([data])[0]}
    assert row.is_shown


def test_a_gateway_that_was_lost_leaves_a_gap_and_its_torn_tail_is_kept(context: WorkerContext) -> None:
    torn = SEGMENTS[2] + b"4.blob,1.3,200.half"
    row, gaps = seal(context, place_recording(context, [*SEGMENTS[:2], torn], ended=False))
    assert [bounds(gap) for gap in gaps] == [(2600, None, GapCause.GATEWAY_LOST)]
    assert "19 bytes of what was being written are kept" in gaps[0].detail
    assert row.digest == sha256_of([*SEGMENTS[:2], torn])[0]


def test_a_stream_that_ends_in_mid_instruction_is_marked(context: WorkerContext) -> None:
    _, gaps = seal(context, place_recording(context, [SEGMENTS[0] + b"4.sync,4.20"]))
    assert [bounds(gap) for gap in gaps] == [(500, None, GapCause.TORN_TAIL)]


def test_a_missing_segment_is_a_gap_between_its_neighbours(context: WorkerContext) -> None:
    recording = place_recording(context, SEGMENTS)
    (folder_of(context, recording) / segment_name(1, "guac")).unlink()
    row, gaps = seal(context, recording)
    assert [(bounds(gap), gap.detail) for gap in gaps] == [
        ((500, 2000, GapCause.SEGMENT_DAMAGED), "segment 1 is missing")
    ]
    assert row.digest == sha256_of([SEGMENTS[0], SEGMENTS[2]])[0]


def test_a_changed_segment_is_kept_and_marked(context: WorkerContext) -> None:
    recording = place_recording(context, SEGMENTS)
    path = folder_of(context, recording) / segment_name(1, "guac")
    stored = stored_segment(context, recording, 1)
    stored[-1] ^= 1
    path.write_bytes(stored)
    _, gaps = seal(context, recording)
    assert [bounds(gap) for gap in gaps] == [(500, 2000, GapCause.SEGMENT_DAMAGED)]
    assert f"bytes {len(stored) - 20} to {len(stored)} of the stored file" in gaps[0].detail


def test_a_segment_that_is_not_the_protocol_does_not_stop_the_seal(context: WorkerContext) -> None:
    _, gaps = seal(context, place_recording(context, [SEGMENTS[0], b"\x00 noise", SEGMENTS[2]]))
    assert [bounds(gap) for gap in gaps] == [(500, 2000, GapCause.SEGMENT_DAMAGED)]


def test_sealing_again_after_a_death_changes_nothing(context: WorkerContext) -> None:
    recording = place_recording(context, [*SEGMENTS[:2], b"4.sync,4.30"], ended=False)
    (folder_of(context, recording) / segment_name(0, "guac")).unlink()
    with scratch_folder(context, recordings_root(context)) as scratch:
        publish = run(StageWork(context, recording, scratch, lambda _share: None))
        with pytest.raises(ConnectionError), context.database.write() as session:
            publish(session)
            first = recordings.gaps(session, recording.id)
            raise ConnectionError  # the transaction is not committed
    manifest = (folder_of(context, recording) / MANIFEST).read_bytes()
    _, second = seal(context, recording)
    assert [bounds(gap) for gap in second] == [bounds(gap) for gap in first]
    assert (folder_of(context, recording) / MANIFEST).read_bytes() == manifest


@pytest.mark.parametrize("damage", [b"{not a manifest line}\n", None])
@pytest.mark.parametrize(("ended", "cause"), [(True, GapCause.SEGMENT_DAMAGED), (False, GapCause.GATEWAY_LOST)])
def test_a_lost_manifest_is_written_anew_and_a_damaged_one_kept(
    damage: bytes | None, ended: bool, cause: GapCause, context: WorkerContext
) -> None:
    recording = place_recording(context, SEGMENTS, ended=ended)
    folder = folder_of(context, recording)
    if damage is None:
        (folder / MANIFEST).unlink()
    else:
        (folder / MANIFEST).write_bytes(damage)
    _, gaps = seal(context, recording)
    assert [gap.cause for gap in gaps] == [cause]
    written = parse_manifest((folder / MANIFEST).read_bytes())
    assert (written.header.recording_id, written.header.operator) == (recording.id, "olga")
    assert written.sealed is not None
    kept = folder / DAMAGED_MANIFEST
    assert (kept.read_bytes() if kept.exists() else None) == damage


def test_a_worker_that_does_not_see_the_disk_seals_nothing(context: WorkerContext) -> None:
    recording = place_recording(context, SEGMENTS)
    folder = folder_of(context, recording)
    folder.rename(folder.with_name("elsewhere"))
    assert not pipeline.run_next(context, recording.id)
    assert error_of(context, recording) == "none of the recording's files is on a disk this worker sees"
    with context.database.read() as session:
        assert recordings.get(session, recording.id).state is RecordingState.OPEN
