"""Live sessions never notice the archive: opened, recorded, ended and sealed while a worker waits for one that hangs or fails."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core.evidence import Soundness
from gateway.core.recording.states import RecordingState
from gateway.core.work import StageName, WorkState
from gateway.db.models import ArchiveCheck, Recording
from gateway.db.repositories import stages
from gateway.db.repositories.backlog import archive_backlog
from gateway.settings import Settings
from tests.faults.aftermath import check_aftermath
from tests.faults.live_recording import LiveRecording
from tests.parts.database import upgrade
from tests.parts.fault_proxy import Fault, FaultProxy
from tests.parts.long import rest_later
from tests.parts.recordings import place_sealed, small_original
from tests.parts.retention import read
from tests.parts.running import wait_until
from tests.parts.s3 import S3Server
from tests.workers.conftest import make_settings
from workers import stages as pipeline
from workers.running.work import WorkerContext

FRAMES = 100


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultProxy]:
    with FaultProxy(s3_server.url) as proxy:
        yield proxy


@pytest.fixture
def settings(tmp_path: Path, s3_server: S3Server, s3_bucket: str, proxy: FaultProxy) -> Settings:
    settings = make_settings(
        tmp_path,
        s3_endpoint=proxy.url,
        s3_bucket=s3_bucket,
        s3_access_key=s3_server.access_key,
        s3_secret_key=s3_server.secret_key,
    )
    upgrade(settings.database)
    return settings


@pytest.fixture
def context(settings: Settings) -> Iterator[WorkerContext]:
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


def make_due(context: WorkerContext, recording_id: str) -> WorkState:
    with context.database.write() as session:
        row = stages.of_recording(session, recording_id, lock=True)[StageName.TIER]
        row.not_before_at = None
        session.add(row)
        return row.state


@contextmanager
def archiving(settings: Settings, recording: Recording) -> Iterator[list[bool]]:
    """Another worker, that tries to archive the recording again and again; gives how each try that is over ended."""
    over = threading.Event()
    tries: list[bool] = []
    context = WorkerContext.build(settings)

    def work() -> None:
        while not over.is_set():
            make_due(context, recording.id)
            tries.append(pipeline.run_next(context, recording.id))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield tries
    finally:
        over.set()
        thread.join()
        context.database.close()


def hangs(until: threading.Event) -> Fault:
    return Fault(lambda _method, _path: True, until=until)


def drops(_until: threading.Event) -> Fault:
    return Fault(lambda _method, _path: True, drop=True)


def is_full(_until: threading.Event) -> Fault:
    return Fault(lambda method, _path: method == "PUT", status=507, code="InsufficientStorage")


@pytest.mark.parametrize("fault", rest_later([hangs, drops, is_full], {hangs}))
def test_a_session_is_recorded_without_a_gap_while_the_archive_fails(
    fault: Callable[[threading.Event], Fault], settings: Settings, context: WorkerContext, proxy: FaultProxy
) -> None:
    waiting = place_sealed(context, [small_original(3)], video_bytes=1024)
    let_go = threading.Event()
    proxy.fault = made = fault(let_go)
    with archiving(settings, waiting) as tries:
        wait_until(lambda: made.count > 0, "the worker is at the archive")
        live = LiveRecording(context)
        asyncio.run(record(live))
        verdict = live.sealed_verdict()
        assert tries == [] if fault is hangs else not any(tries), "all this beside a worker that waits"
        with context.database.read() as session:
            assert archive_backlog(session).recording_count == 2
        proxy.heal()
        let_go.set()
    assert (verdict.outcome, verdict.facts["gaps"], live.gaps) == (Soundness.WHOLE, [], [])
    for recording_id in (waiting.id, live.recording_id):
        finish(context, recording_id)
    sealed = [read(context, waiting), read(context, live.recording)]
    assert [row.state for row in sealed] == [RecordingState.ARCHIVED] * 2
    with context.database.read() as session:
        assert archive_backlog(session).recording_count == 0
    check_aftermath(context, *sealed)


async def record(live: LiveRecording) -> None:
    syncing = asyncio.create_task(live.recorder.keep_synced())
    for _ in range(FRAMES):
        assert await live.frame()
    syncing.cancel()
    await live.end()


def finish(context: WorkerContext, recording_id: str) -> None:
    """Straight to the archive: what is drawn and read of it is not what is looked at here."""
    with context.database.write() as session:
        rows = stages.of_recording(session, recording_id, lock=True)
        for name, row in rows.items():
            row.not_before_at = None
            if name is not StageName.TIER:
                row.state = WorkState.DONE
            session.add(row)
        for check in session.exec(select(ArchiveCheck)):
            session.delete(check)
    pipeline.run_next(context, recording_id)
