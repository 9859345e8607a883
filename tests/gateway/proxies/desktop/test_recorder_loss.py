"""A recorder that is lost: strict ends for good, degrade goes on with a gap and comes back; always noted and signed."""

import asyncio
import errno
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.core.desktop.guac import encode
from gateway.core.policy.recording import RecordingPolicy
from gateway.core.recording.chain import check_lines
from gateway.core.recording.entries import Checkpoint, GapNoted
from gateway.core.recording.layout import MANIFEST, segment_name
from gateway.core.recording.states import GapCause
from gateway.sessions.recorder import Recorder, RecorderLimits, RecorderLostError
from tests.gateway.proxies.desktop.waiting import eventually
from tests.gateway.sessions.test_recorder import LIMITS, begin
from tests.parts.attesting import content, manifest, verify

FRAME = encode("sync", 1)
DEGRADE = RecordingPolicy.DEGRADE
PATIENT = replace(LIMITS, retry_seconds=0.02)


@pytest.fixture
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


class Disk:
    """fsync(2) and write(2) of the recorder, which fail or wait when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fault: OSError | None = None
        self.answers = threading.Event()
        self.answers.set()
        self._stalled = ""
        for name in ("fsync", "write"):
            monkeypatch.setattr(f"gateway.storage.original.append.os.{name}", self._faulty(name, getattr(os, name)))
        self._faulty_names: set[str] = set()

    def fail(self, name: str, number: int) -> None:
        """From now on this call fails."""
        self.fault = OSError(number, os.strerror(number))
        self._faulty_names = {name}

    def stall(self, name: str) -> None:
        """From now on this call waits."""
        self._stalled = name
        self.answers.clear()

    def mend(self) -> None:
        """All is well again."""
        self.fault, self._stalled = None, ""
        self.answers.set()

    def _faulty(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            if self._stalled == name:
                self.answers.wait(20)
            if self.fault is not None and name in self._faulty_names:
                raise self.fault
            return real(*args)

        return call


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk(monkeypatch)
    yield made
    made.mend()


def lose(
    recorder: Recorder, break_it: Callable[[], None], mend: Callable[[], None] = lambda: None
) -> tuple[str, list[GapNoted]]:
    """Record until the strict recorder is lost, then close it; why, and what the trail was told."""
    told: list[GapNoted] = []
    recorder.on_gap = told.append

    async def scenario() -> str:
        await recorder.write(FRAME, 1)
        break_it()
        with pytest.raises(RecorderLostError) as lost:
            await recorder.keep_synced()
        with pytest.raises(RecorderLostError):
            await recorder.write(FRAME)
        mend()
        with pytest.raises(RecorderLostError):
            await recorder.close("operator_left")
        return str(lost.value)

    return asyncio.run(scenario()), told


def check_sound(folder: Path) -> None:
    """The manifest is chained and signed to its last line."""
    data = (folder / MANIFEST).read_bytes()
    checked = check_lines(data, verify)
    assert checked.faults == ()
    assert isinstance(checked.entries[checked.signed_through], Checkpoint)
    assert checked.signed_through == len(checked.entries)


def test_a_failed_fsync_is_for_good_and_noted_as_a_gap(tmp_path: Path, pool: Executor, disk: Disk) -> None:
    recorder = begin(tmp_path / "r1", pool)
    reason, told = lose(recorder, lambda: disk.fail("fsync", errno.EIO), disk.mend)
    assert reason == "syncing failed: Input/output error"
    read = manifest(recorder.folder)
    assert read.gaps == (GapNoted(0, 77, GapCause.DISK_FAILED, reason),)
    assert told == [GapNoted(0, None, GapCause.DISK_FAILED, reason)]
    assert read.ended is not None
    assert read.ended.reason == "recorder_lost"
    assert not read.closed, "a segment whose sync failed was called complete"
    assert not read.pieces(0), "bytes whose sync failed were vouched for"
    assert content(recorder.folder) == FRAME, "what was recorded before must stay"
    check_sound(recorder.folder)


def test_a_stalled_fsync_counts_as_lost(tmp_path: Path, pool: Executor, disk: Disk) -> None:
    recorder = begin(tmp_path / "r1", pool, replace(LIMITS, stall_seconds=0.1))
    reason, told = lose(recorder, lambda: disk.stall("fsync"))
    assert reason == "the disk did not answer within 0.1 s"
    assert [gap.cause for gap in told] == [GapCause.DISK_STALLED]
    disk.mend()


def test_a_stalled_write_ends_its_session_and_holds_up_no_other(tmp_path: Path, pool: Executor, disk: Disk) -> None:
    """The event loop, which all sessions share, goes on while write(2) does not return."""
    recorder = begin(tmp_path / "r1", pool, replace(LIMITS, stall_seconds=0.3))

    async def scenario() -> int:
        disk.stall("write")
        writing = asyncio.create_task(recorder.write(FRAME))
        turns = 0
        while not writing.done():
            await asyncio.sleep(0)
            turns += not disk.answers.is_set()
        with pytest.raises(RecorderLostError, match="did not answer"):
            await writing
        disk.mend()
        with pytest.raises(RecorderLostError):
            await recorder.close("recorder_lost")
        return turns

    assert asyncio.run(scenario()) > 1, "the event loop stood still"
    assert [gap.cause for gap in manifest(recorder.folder).gaps] == [GapCause.DISK_STALLED]
    check_sound(recorder.folder)


def test_a_file_that_is_taken_away_is_noticed(tmp_path: Path, pool: Executor) -> None:
    recorder = begin(tmp_path / "r1", pool)
    reason, _ = lose(recorder, (recorder.folder / segment_name(0, "guac")).unlink)
    assert reason == "syncing failed: 000000.guac was removed or truncated while it was written"


def test_what_is_shown_and_does_not_arrive_is_noticed(tmp_path: Path, pool: Executor) -> None:
    recorder = begin(tmp_path / "r1", pool)

    def show() -> None:
        recorder.shown(len(FRAME), 1)
        recorder.shown(0, 1)

    reason, told = lose(recorder, show)
    assert reason == "11 bytes with 2 units were shown, 11 with 1 are in the recording"
    assert [gap.cause for gap in told] == [GapCause.RECORDER_LOST]


def test_a_disk_that_gets_full_ends_the_session_while_its_end_can_still_be_written(
    tmp_path: Path, pool: Executor
) -> None:
    recorder = begin(tmp_path / "r1", pool, replace(LIMITS, reserve_bytes=2**60))
    reason, _ = lose(recorder, lambda: None)
    assert reason == f"syncing failed: less than {2**60 // 10**6} MB of disk space is free"
    read = manifest(recorder.folder)
    assert [gap.cause for gap in read.gaps] == [GapCause.DISK_FULL]
    assert [(piece.start, piece.end) for piece in read.pieces(0)] == [(0, len(FRAME))]
    check_sound(recorder.folder)


@pytest.mark.parametrize(
    ("call", "number", "cause"),
    [("write", errno.ENOSPC, GapCause.DISK_FULL), ("fsync", errno.EIO, GapCause.DISK_FAILED)],
)
def test_a_degraded_session_goes_on_with_a_gap_and_is_recorded_again(
    tmp_path: Path, pool: Executor, disk: Disk, call: str, number: int, cause: GapCause
) -> None:
    recorder = begin(tmp_path / "r1", pool, PATIENT, DEGRADE)
    told: list[GapNoted] = []
    recorder.on_gap = told.append

    async def scenario() -> None:
        syncing = asyncio.create_task(recorder.keep_synced())
        assert await recorder.write(FRAME)
        disk.fail(call, number)
        await write_until(recorder, lambda: len(told) == 1)
        assert not await recorder.write(b"3.nop;"), "nobody may think that this is recorded"
        disk.mend()
        await eventually(lambda: len(told) == 2, "it is recorded again")
        assert await recorder.write(FRAME)
        await eventually(lambda: bool(manifest(recorder.folder).gaps), "the gap is noted")
        assert not syncing.done()
        syncing.cancel()
        await recorder.close("operator_left")

    asyncio.run(scenario())
    read = manifest(recorder.folder)
    assert [(gap.end_ms, gap.cause) for gap in read.gaps] == [(77, cause)]
    assert [(gap.end_ms, gap.cause) for gap in told] == [(None, cause), (77, cause)]
    assert content(recorder.folder).startswith(FRAME)
    assert content(recorder.folder).endswith(FRAME)
    assert b"3.nop;" not in content(recorder.folder)
    assert read.ended is not None
    assert read.ended.reason == "operator_left"
    assert max(read.opened) >= 1, "it goes on in a new segment"
    check_sound(recorder.folder)


async def write_until(recorder: Recorder, condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await recorder.write(FRAME)
            await asyncio.sleep(0.005)


def test_a_degraded_session_that_ends_while_it_is_lost_has_its_gap(tmp_path: Path, pool: Executor, disk: Disk) -> None:
    recorder = begin(tmp_path / "r1", pool, replace(LIMITS, retry_seconds=600), DEGRADE)

    async def scenario() -> None:
        disk.fail("write", errno.ENOSPC)
        assert not await recorder.write(FRAME)
        disk.mend()
        await recorder.close("operator_left")

    asyncio.run(scenario())
    read = manifest(recorder.folder)
    assert [(gap.start_ms, gap.end_ms, gap.cause) for gap in read.gaps] == [(0, 77, GapCause.DISK_FULL)]
    assert read.ended is not None
    assert read.ended.reason == "operator_left"
    check_sound(recorder.folder)


def test_a_disk_that_stalls_is_asked_for_nothing_more_until_it_answers(
    tmp_path: Path, pool: Executor, disk: Disk
) -> None:
    limits = RecorderLimits(2**20, 600, 0.01, stall_seconds=0.5, retry_seconds=0.01)
    recorder = begin(tmp_path / "r1", pool, limits, DEGRADE)
    told: list[GapNoted] = []
    recorder.on_gap = told.append

    async def scenario() -> None:
        syncing = asyncio.create_task(recorder.keep_synced())
        disk.stall("write")
        assert not await recorder.write(FRAME)
        await asyncio.sleep(0.5)
        disk.mend()
        await eventually(lambda: len(told) == 2, "it is recorded again")
        assert await recorder.write(FRAME)
        syncing.cancel()
        await recorder.close("operator_left")

    asyncio.run(scenario())
    assert len(list((recorder.folder / "segments").iterdir())) <= 3, "attempts piled up"
    assert [gap.cause for gap in manifest(recorder.folder).gaps] == [GapCause.DISK_STALLED]
    check_sound(recorder.folder)


def test_a_manifest_whose_sync_failed_is_written_again(tmp_path: Path, pool: Executor, disk: Disk) -> None:
    """What the kernel may have forgotten is not built upon: the lines are put there anew, once each."""
    recorder = begin(tmp_path / "r1", pool, replace(PATIENT, segment_bytes=10), DEGRADE)

    async def scenario() -> None:
        syncing = asyncio.create_task(recorder.keep_synced())
        for _ in range(3):
            disk.fail("fsync", errno.EIO)
            await write_until(recorder, lambda: recorder.is_lost)
            disk.mend()
            await eventually(lambda: not recorder.is_lost, "it is recorded again")
        syncing.cancel()
        await recorder.close("operator_left")

    asyncio.run(scenario())
    assert len(manifest(recorder.folder).gaps) == 3
    check_sound(recorder.folder)
