"""The recorder: what is written is on disk, cut into segments, listed in the manifest; a failure is for good."""

import asyncio
import errno
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.core.guac import encode
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER, segment_name
from gateway.core.recording.manifest import VERSION, Header, Manifest, parse_manifest
from gateway.core.recording.states import GapCause, RecordingKind
from gateway.tunnel.recorder import Recorder, RecorderLimits, RecorderLostError
from tests.gateway.tunnel.waiting import eventually

HEADER = Header(VERSION, "r1", "s1", "db-01", "Ann", datetime(2026, 7, 1, tzinfo=UTC), RecordingKind.DESKTOP)
LIMITS = RecorderLimits(segment_bytes=2**20, segment_seconds=600, fsync_seconds=0.01)


@pytest.fixture
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def manifest(folder: Path) -> Manifest:
    return parse_manifest((folder / MANIFEST).read_bytes())


def stream(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((folder / SEGMENT_FOLDER).iterdir()))


def test_what_was_written_can_be_read_at_once(tmp_path: Path, pool: Executor) -> None:
    recorder = Recorder(tmp_path / "r1", HEADER, LIMITS, pool)
    recorder.write(encode("sync", 1))
    assert stream(recorder.folder) == encode("sync", 1)
    asyncio.run(recorder.close("operator_left", 0))


def test_files_are_for_the_gateway_alone(tmp_path: Path, pool: Executor) -> None:
    folder = tmp_path / "recordings" / "2026" / "r1"
    recorder = Recorder(folder, HEADER, LIMITS, pool)
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder / SEGMENT_FOLDER)] == ["0o700", "0o700"]
    files = (folder / MANIFEST, folder / segment_name(0))
    assert [oct(path.stat().st_mode & 0o777) for path in files] == ["0o600", "0o600"]
    asyncio.run(recorder.close("operator_left", 0))


def test_a_recording_is_never_written_over(tmp_path: Path, pool: Executor) -> None:
    asyncio.run(Recorder(tmp_path / "r1", HEADER, LIMITS, pool).close("operator_left", 0))
    with pytest.raises(FileExistsError):
        Recorder(tmp_path / "r1", HEADER, LIMITS, pool)


def test_segments_change_at_their_size_and_the_manifest_lists_them(tmp_path: Path, pool: Executor) -> None:
    recorder = Recorder(tmp_path / "r1", HEADER, replace(LIMITS, segment_bytes=100), pool)
    written = [encode("blob", number, "x" * 60) for number in range(5)]
    for data in written:
        recorder.write(data)
    asyncio.run(recorder.close("operator_left", 0))
    read = manifest(recorder.folder)
    assert stream(recorder.folder) == b"".join(written)
    assert sorted(read.opened) == sorted(read.closed) == [0, 1, 2]
    for number, closed in read.closed.items():
        data = (recorder.folder / read.opened[number].name).read_bytes()
        assert (closed.size_bytes, closed.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (read.header, read.ended and read.ended.reason, read.sealed, read.gaps) == (
        HEADER,
        "operator_left",
        None,
        (),
    )


def test_segments_change_at_their_age_while_nothing_is_written(tmp_path: Path, pool: Executor) -> None:
    async def scenario() -> None:
        recorder = Recorder(tmp_path / "r1", HEADER, replace(LIMITS, segment_seconds=0.02), pool)
        recorder.write(encode("nop"))
        syncing = asyncio.create_task(recorder.keep_synced())
        await eventually(lambda: bool(manifest(recorder.folder).closed), "the segment is closed")
        syncing.cancel()
        await recorder.close("operator_left", 0)
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
        recorder = Recorder(tmp_path / "r1", HEADER, LIMITS, pool)
        # Names last too: the folders were synced when the files were made.
        assert {"r1", SEGMENT_FOLDER, MANIFEST, "000000.guac"} <= set(synced)
        synced.clear()
        syncing = asyncio.create_task(recorder.keep_synced())
        recorder.write(encode("nop"))
        await eventually(lambda: bool(synced), "the segment is synced")
        assert synced == ["000000.guac"]
        await asyncio.sleep(5 * LIMITS.fsync_seconds)
        assert synced == ["000000.guac"], "nothing new was written, nothing needs syncing"
        syncing.cancel()
        await recorder.close("operator_left", 0)

    monkeypatch.setattr(os, "fsync", watched)
    asyncio.run(scenario())


def lost_recorder(folder: Path, pool: Executor, limits: RecorderLimits = LIMITS) -> str:
    """Records until the recorder is lost, then closes it; returns why."""

    async def scenario() -> str:
        recorder = Recorder(folder, HEADER, limits, pool)
        recorder.write(encode("sync", 1))
        fail.set()
        with pytest.raises(RecorderLostError) as lost:
            await recorder.keep_synced()
        with pytest.raises(RecorderLostError):
            recorder.write(encode("sync", 2))
        fail.clear()
        with pytest.raises(RecorderLostError):
            await recorder.close("recorder_lost", 77)
        return str(lost.value)

    return asyncio.run(scenario())


fail = threading.Event()


def test_a_failed_fsync_is_for_good_and_noted_as_a_gap(
    tmp_path: Path, pool: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def failing(descriptor: int) -> None:
        if fail.is_set():
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    assert lost_recorder(tmp_path / "r1", pool) == "syncing failed: Input/output error"
    read = manifest(tmp_path / "r1")
    assert [(gap.start_ms, gap.end_ms, gap.cause) for gap in read.gaps] == [(77, None, GapCause.RECORDER_LOST)]
    assert read.ended is not None
    assert read.ended.reason == "recorder_lost"
    assert not read.closed, "a segment whose sync failed was called complete"
    assert stream(tmp_path / "r1") == encode("sync", 1), "what was recorded before must stay"


def test_a_stalled_fsync_counts_as_lost(tmp_path: Path, pool: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    real, done = os.fsync, threading.Event()

    def stalling(descriptor: int) -> None:
        if fail.is_set() and not done.is_set():
            done.wait(10)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", stalling)
    timer = threading.Timer(0.5, done.set)
    timer.start()
    assert (
        lost_recorder(tmp_path / "r1", pool, replace(LIMITS, stall_seconds=0.1))
        == "the disk did not answer within 0.1 s"
    )
    timer.join()


def test_a_full_disk_keeps_what_fitted_and_never_tears_the_manifest(tmp_path: Path) -> None:
    """In a process of its own whose files may not grow beyond a limit: write(2) is short first, then fails."""
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(tmp_path / "r1")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1:] == ["writing failed: File too large"], done.stderr
    recorded, whole = stream(tmp_path / "r1"), encode("blob", 1, "x" * 1000)
    assert len(recorded) == 4096
    assert recorded == (whole * 5)[:4096]
    read = manifest(tmp_path / "r1")
    assert read.torn_bytes == 0
    assert [gap.cause for gap in read.gaps] == [GapCause.RECORDER_LOST]


_FULL_DISK = """
import asyncio, resource, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from gateway.core.guac import encode
from gateway.tunnel.recorder import Recorder, RecorderLostError
from tests.gateway.tunnel.test_recorder import HEADER, LIMITS

async def main():
    recorder = Recorder(Path(sys.argv[1]), HEADER, LIMITS, ThreadPoolExecutor(2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        for _ in range(10):
            recorder.write(encode("blob", 1, "x" * 1000))
    except RecorderLostError as lost:
        reason = str(lost)
    try:
        await recorder.close("operator_left", 5)
    except RecorderLostError:
        print(reason)

asyncio.run(main())
"""
