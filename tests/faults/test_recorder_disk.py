"""Disks that get full, fail, stall, and writers that are killed: `verify` comes out clean or names just what was noted."""

import asyncio
import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.audit import AuditTag
from gateway.core.evidence import Soundness
from gateway.core.policy.recording import RecordingPolicy
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER, segment_name
from gateway.core.work import WorkState
from gateway.db.models import AuditEvent, Stage
from gateway.sessions import endings
from gateway.sessions.recorder import RecorderLostError
from gateway.settings import Settings
from tests.faults.aftermath import check_aftermath
from tests.faults.live_recording import LIMITS, LiveRecording
from tests.gateway.proxies.desktop.waiting import eventually
from tests.parts.database import upgrade
from tests.parts.small_disk import enlarge, fill, small_disk
from workers.running.work import WorkerContext

DEGRADE = RecordingPolicy.DEGRADE


def build(data_dir: Path, database: Path) -> WorkerContext:
    data_dir.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=data_dir, database_url=f"sqlite:///{database}")
    upgrade(settings.database)
    return WorkerContext.build(settings)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[WorkerContext]:
    made = build(tmp_path / "data", tmp_path / "data" / "reelgate.db")
    yield made
    verify_all(made)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "small", "1m") as folder:
        yield folder


@pytest.fixture
def small_context(disk: Path, tmp_path: Path) -> Iterator[WorkerContext]:
    made = build(disk / "data", tmp_path / "reelgate.db")
    yield made
    verify_all(made)


def verify_all(context: WorkerContext) -> None:
    """After each fault; what is made of a sealed recording is not looked at here, and would take long."""
    with context.database.write() as session:
        for stage in session.exec(select(Stage).where(Stage.state == WorkState.PENDING)):
            stage.state = WorkState.FAILED
            session.add(stage)
    check_aftermath(context)
    context.database.close()


def causes(live: LiveRecording) -> list[str]:
    """Of the gaps that verifying lists, which are those in the rows."""
    verdict = live.sealed_verdict()
    assert (verdict.outcome, verdict.faults) == (Soundness.WHOLE, ())
    return [gap["cause"] for gap in verdict.facts["gaps"]]


def audited(live: LiveRecording) -> list[str]:
    tags = (AuditTag.RECORDER_LOST.value, AuditTag.RECORDER_RESUMED.value)
    with live.context.database.read() as session:
        found = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == live.recording_id))
        return [tag for tag in found if tag in tags]


def test_a_disk_that_gets_full_ends_a_strict_session_and_what_was_recorded_is_whole(
    small_context: WorkerContext,
) -> None:
    live = LiveRecording(small_context)

    async def scenario() -> int:
        shown = 0
        with pytest.raises(RecorderLostError):
            while True:
                assert await live.frame(20_000)
                shown += 1
        await live.end()
        return shown

    assert asyncio.run(scenario()) > 10
    assert audited(live) == [AuditTag.RECORDER_LOST.value]
    enlarge(small_context.settings.data_dir.parent, "8m")
    assert causes(live) == ["disk_full"]


def test_a_degraded_session_on_a_full_disk_goes_on_and_is_recorded_again_when_there_is_room(
    small_context: WorkerContext, disk: Path
) -> None:
    live = LiveRecording(small_context, policy=DEGRADE)

    async def scenario() -> None:
        syncing = asyncio.create_task(live.recorder.keep_synced())
        assert await live.frame()
        filler = fill(disk)
        for _ in range(10):  # what is left in the last pages
            await live.frame(20_000)
        assert not await live.frame()
        filler.unlink()
        await eventually(lambda: len(live.gaps) == 2, "it is recorded again")
        assert await live.frame()
        syncing.cancel()
        await live.end()

    asyncio.run(scenario())
    assert audited(live) == [AuditTag.RECORDER_LOST.value, AuditTag.RECORDER_RESUMED.value]
    assert causes(live) == ["disk_full"]


def test_a_gap_that_the_full_disk_cannot_take_is_taken_from_the_trail_when_it_is_sealed(
    small_context: WorkerContext, disk: Path
) -> None:
    # A file's last page has room even on a full disk: the header is as long as it takes to fill that page.
    page_bytes = 4096
    other = LiveRecording(small_context)
    size = (small_context.files.folder(other.recording) / MANIFEST).stat().st_size
    asyncio.run(other.end())
    assert causes(other) == []
    live = LiveRecording(small_context, target_name="lab" + "x" * (page_bytes - size - 100))

    async def scenario() -> None:
        fill(disk)
        with pytest.raises(RecorderLostError):
            while True:
                await live.frame(20_000)
        await live.end()

    asyncio.run(scenario())
    assert "disk_full" not in (small_context.files.folder(live.recording) / MANIFEST).read_text()
    enlarge(small_context.settings.data_dir.parent, "8m")
    assert causes(live) == ["disk_full"]


@pytest.mark.parametrize("policy", list(RecordingPolicy))
def test_a_failed_fsync_is_a_gap_and_the_rest_is_whole(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch, policy: RecordingPolicy
) -> None:
    live = LiveRecording(context, policy=policy)

    def fails(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    async def scenario() -> None:
        syncing = asyncio.create_task(live.recorder.keep_synced())
        await live.frame()
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", fails)
            await eventually(lambda: bool(live.gaps), "the recorder is lost")
        if policy is DEGRADE:
            await eventually(lambda: len(live.gaps) == 2, "it is recorded again")
            assert await live.frame()
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)
        await live.end()

    asyncio.run(scenario())
    assert causes(live) == ["disk_failed"]


def test_a_stalled_disk_is_a_gap_and_the_rest_is_whole(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveRecording(context, replace(LIMITS, stall_seconds=0.1), DEGRADE)
    real, stalled = os.write, {"now": False}

    def waits(descriptor: int, data: bytes) -> int:
        end = asyncio.run(_until(lambda: not stalled["now"]))
        assert end
        return real(descriptor, data)

    async def scenario() -> None:
        syncing = asyncio.create_task(live.recorder.keep_synced())
        assert await live.frame()
        stalled["now"] = True
        assert not await live.frame()
        stalled["now"] = False
        await eventually(lambda: len(live.gaps) == 2, "it is recorded again")
        assert await live.frame()
        syncing.cancel()
        await live.end()

    monkeypatch.setattr("gateway.storage.original.append.os.write", waits)
    asyncio.run(scenario())
    assert causes(live) == ["disk_stalled"]


async def _until(condition: Callable[[], bool]) -> bool:
    await eventually(condition, "the disk answers")
    return True


# Every call of the first rotation and beyond: header, records, chunks, folders, segment change, checkpoints.
KILLED = range(1, 40, 3)


def test_a_writer_killed_at_any_call_leaves_what_verifies(context: WorkerContext) -> None:
    command = [sys.executable, "-m", "tests.faults.live_recording", str(context.settings.data_dir)]
    made = subprocess.run([*command, *map(str, KILLED)], check=True, stdout=subprocess.PIPE, text=True, timeout=120)
    ids = [line for line in made.stdout.splitlines() if re.fullmatch("[0-9a-f-]{36}", line)]
    assert len(ids) == len(KILLED)
    for recording_id in ids:
        live = found(context, recording_id)
        live.close_rows(endings.GATEWAY_LOST)
        assert causes(live) == ["gateway_lost"]


def found(context: WorkerContext, recording_id: str) -> LiveRecording:
    """One that another process began."""
    live = LiveRecording.__new__(LiveRecording)
    live.take_over(context, recording_id)
    return live


def test_torn_tails_verify(context: WorkerContext) -> None:
    """The machine went down: what was not synced of segment and manifest is there in part."""
    for cut_segment, cut_manifest in ((0, 1), (1, 0), (30, 40), (560, 300), (600, 0)):
        live = LiveRecording(context)

        async def scenario(live: LiveRecording = live) -> None:
            for _ in range(3):
                await live.frame()

        asyncio.run(scenario())
        live.recorder.abandon()
        folder = context.files.folder(live.recording)
        cut(folder / segment_name(0, "guac"), cut_segment)
        with (folder / MANIFEST).open("ab") as manifest:
            manifest.write(b'{"at":"2026-01-01T00:00:00+00:00","entry":"ended","previous":"00'[:cut_manifest])
        live.close_rows(endings.GATEWAY_LOST)
        assert causes(live) == ["gateway_lost"]
        assert [path.name for path in (folder / SEGMENT_FOLDER).iterdir()] == ["000000.guac"]


def cut(path: Path, count: int) -> None:
    """Take so many bytes from its end."""
    os.truncate(path, path.stat().st_size - count)
