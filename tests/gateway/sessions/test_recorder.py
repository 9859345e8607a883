"""The recorder: what is written is on disk, cut into segments, listed in the manifest; loss is in test_recorder_loss."""

import asyncio
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from gateway.core.desktop.guac import encode
from gateway.core.policy.recording import RecordingPolicy
from gateway.core.recording.chain import check_lines
from gateway.core.recording.entries import Checkpoint, Chunk, Header
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER, segment_name
from gateway.core.recording.manifest import VERSION
from gateway.proxies.desktop.clock import GuacdClock
from gateway.sessions.recorder import Recorder, RecorderLimits
from gateway.storage.original import manifest_file
from tests.gateway.proxies.desktop.waiting import eventually
from tests.parts.attesting import attest, content, manifest, verify

HEADER = Header(VERSION, "r1", "s1", "db-01", "Ann", datetime(2026, 7, 1, tzinfo=UTC), "desktop")
LIMITS = RecorderLimits(segment_bytes=2**20, segment_seconds=600, fsync_seconds=0.01)


@pytest.fixture
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def stream(folder: Path) -> bytes:
    return content(folder)


def begin(
    folder: Path, pool: Executor, limits: RecorderLimits = LIMITS, policy: RecordingPolicy = RecordingPolicy.STRICT
) -> Recorder:
    """A recorder whose clock stands at 77 ms."""
    clock = GuacdClock(lambda: 0.0)
    clock.set(1000)
    clock.set(1077)
    return Recorder(folder, HEADER, limits, attest(), pool, clock, policy)


def record_all(recorder: Recorder, *written: bytes) -> None:
    async def scenario() -> None:
        for data in written:
            assert await recorder.write(data)
        await recorder.close("operator_left")

    asyncio.run(scenario())


def test_what_was_written_can_be_read_at_once(tmp_path: Path, pool: Executor) -> None:
    async def scenario() -> None:
        recorder = begin(tmp_path / "r1", pool)
        await recorder.write(encode("sync", 1))
        assert stream(recorder.folder) == encode("sync", 1)
        await recorder.close("operator_left")

    asyncio.run(scenario())


def test_files_are_for_the_gateway_alone(tmp_path: Path, pool: Executor) -> None:
    folder = tmp_path / "recordings" / "2026" / "r1"
    record_all(begin(folder, pool))
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder / SEGMENT_FOLDER)] == ["0o700", "0o700"]
    files = (folder / MANIFEST, folder / segment_name(0, "guac"))
    assert [oct(path.stat().st_mode & 0o777) for path in files] == ["0o600", "0o600"]


def test_nothing_of_the_stream_is_on_disk_in_clear(tmp_path: Path, pool: Executor) -> None:
    record_all(begin(tmp_path / "r1", pool), encode("clipboard", 0, "a secret that was copied"))
    for path in (tmp_path / "r1").rglob("*"):
        assert path.is_dir() or b"secret" not in path.read_bytes()


def test_a_recording_is_never_written_over(tmp_path: Path, pool: Executor) -> None:
    record_all(begin(tmp_path / "r1", pool))
    with pytest.raises(FileExistsError):
        begin(tmp_path / "r1", pool)


def test_segments_change_at_their_size_and_the_manifest_lists_them(tmp_path: Path, pool: Executor) -> None:
    recorder = begin(tmp_path / "r1", pool, replace(LIMITS, segment_bytes=100))
    written = [encode("blob", number, "x" * 60) for number in range(5)]
    record_all(recorder, *written)
    read = manifest(recorder.folder)
    assert stream(recorder.folder) == b"".join(written)
    assert sorted(read.opened) == sorted(read.closed) == [0, 1, 2]
    for number, closed in read.closed.items():
        stored = (recorder.folder / read.opened[number].name).read_bytes()
        assert (closed.stored_bytes, closed.stored_sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
        data = b"".join(written[2 * number : 2 * number + 2])
        assert closed.size_bytes == len(data)
        assert [(piece.start, piece.end, piece.digest) for piece in read.pieces(number)] == [
            (0, len(data), salted(data))
        ]
    header = replace(HEADER, salt_sha256=hashlib.sha256(attest().salt).hexdigest())
    assert (read.header, read.ended and read.ended.reason, read.sealed, read.gaps) == (
        header,
        "operator_left",
        None,
        (),
    )


def salted(data: bytes) -> str:
    return hashlib.sha256(attest().salt + data).hexdigest()


def test_chunks_are_cut_at_a_megabyte_and_a_checkpoint_signs_every_four(tmp_path: Path, pool: Executor) -> None:
    recorder = begin(tmp_path / "r1", pool, replace(LIMITS, segment_bytes=2**30))
    data = bytes(range(256)) * 4096 * 9 + b"rest"
    record_all(recorder, *(data[at : at + 300_000] for at in range(0, len(data), 300_000)))
    read = manifest(recorder.folder)
    chunks = [entry for entry in read.entries if isinstance(entry, Chunk)]
    bounds = [(chunk.start, chunk.end) for chunk in chunks]
    assert bounds == [*((at * 2**20, (at + 1) * 2**20) for at in range(9)), (9 * 2**20, len(data))]
    assert [chunk.digest for chunk in chunks] == [salted(data[start:end]) for start, end in bounds]
    unsigned = 0
    for entry in read.entries:
        unsigned = 0 if isinstance(entry, Checkpoint) else unsigned
        unsigned += entry.end - entry.start if isinstance(entry, Chunk) else 0
        assert unsigned <= 4 * 2**20
    assert isinstance(read.entries[-1], Checkpoint)
    assert check_lines((recorder.folder / MANIFEST).read_bytes(), verify).faults == ()


def test_a_checkpoint_comes_with_time_while_anything_is_recorded(
    tmp_path: Path, pool: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest_file, "CHECKPOINT_SECONDS", 0.05)

    async def scenario() -> None:
        recorder = begin(tmp_path / "r1", pool)
        syncing = asyncio.create_task(recorder.keep_synced())
        for expected in (2, 3):
            await recorder.write(encode("nop"))
            await eventually(partial(has_checkpoints, recorder.folder, expected), "a checkpoint")
        syncing.cancel()
        await recorder.close("operator_left")

    asyncio.run(scenario())


def has_checkpoints(folder: Path, count: int) -> bool:
    entries = manifest(folder).entries
    return sum(isinstance(entry, Checkpoint) for entry in entries) == count and isinstance(entries[-1], Checkpoint)


def test_segments_change_at_their_age_while_nothing_is_written(tmp_path: Path, pool: Executor) -> None:
    async def scenario() -> None:
        recorder = begin(tmp_path / "r1", pool, replace(LIMITS, segment_seconds=0.02))
        await recorder.write(encode("nop"))
        syncing = asyncio.create_task(recorder.keep_synced())
        await eventually(lambda: bool(manifest(recorder.folder).closed), "the segment is closed")
        syncing.cancel()
        await recorder.close("operator_left")
        # The new segment stays the current one: an empty segment is not followed by another.
        assert sorted(manifest(recorder.folder).closed) == [0, 1]

    asyncio.run(scenario())


def test_what_was_written_is_synced_on_the_interval(
    tmp_path: Path, pool: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        real(descriptor)
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    async def scenario() -> None:
        recorder = begin(tmp_path / "r1", pool)
        # Names last too: the folders were synced when the files were made.
        assert {"r1", SEGMENT_FOLDER, MANIFEST, "000000.guac"} <= set(synced)
        synced.clear()
        await recorder.write(encode("nop"))
        syncing = asyncio.create_task(recorder.keep_synced())
        await eventually(lambda: bool(synced), "the segment is synced")
        assert synced == ["000000.guac"]
        await eventually(lambda: bool(manifest(recorder.folder).pieces(0)), "its chunk is in the manifest")
        await asyncio.sleep(5 * LIMITS.fsync_seconds)
        assert synced == ["000000.guac"], "nothing new was written, nothing needs syncing"
        syncing.cancel()
        await recorder.close("operator_left")

    monkeypatch.setattr(os, "fsync", watched)
    asyncio.run(scenario())
