"""A backlog of imports holds up neither timers nor a session that ends behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from gateway.core.recording.states import RecordingSource
from gateway.core.session import SessionState
from gateway.core.work import AUDIT_CHECK_NEW, Queue, StageName, WorkState
from gateway.db.models import AccessSession, AuditCheckpoint, Recording, Stage
from gateway.db.repositories import stages
from gateway.settings import Settings
from gateway.work.jobs import JobSender
from tests.parts.celery_worker import CelerySealer, CeleryWorker
from tests.parts.database import upgrade
from tests.parts.lost_gateway import lose_gateway
from tests.parts.recordings import place_recording, small_original
from tests.parts.redis_server import RedisServer
from tests.parts.running import wait_until
from workers.running.work import WorkerContext
from workers.schedule import SESSIONS_RECOVER

pytestmark = [pytest.mark.timeout(400)]
IMPORT_COUNT = 60
SEALERS = 4


@pytest.fixture
def context(tmp_path: Path) -> Iterator[WorkerContext]:
    """With a Redis of its own, and more imports queued than are worked on during the test."""
    for name in ("redis", "data"):
        (tmp_path / name).mkdir()
    with RedisServer(tmp_path / "redis") as redis:
        settings = Settings(data_dir=tmp_path / "data", redis_url=redis.url, ocr_engine="tesserocr", worker_processes=1)
        upgrade(settings.database)
        context = WorkerContext.build(settings)
        jobs = JobSender(settings)
        original = small_original(2)
        for _ in range(IMPORT_COUNT):
            place_recording(context, [original], source=RecordingSource.IMPORTED, send_job=jobs.send)
        jobs.close()
        yield context
        context.database.close()


def rows(context: WorkerContext, recording: Recording) -> dict[StageName, Stage]:
    with context.database.read() as session:
        return stages.of_recording(session, recording.id)


def is_at_work(context: WorkerContext) -> bool:
    """Whether an import is being rendered."""
    with context.database.read() as session:
        query = select(Stage.id).where(Stage.name == StageName.RENDER, Stage.state == WorkState.RUNNING)
        return session.exec(query).first() is not None


def started(context: WorkerContext, recording: Recording, *names: StageName) -> list[Stage]:
    """Those stages of all other recordings that were begun."""
    with context.database.read() as session:
        query = select(Stage).where(col(Stage.name).in_(names), col(Stage.started_at).is_not(None))
        return list(session.exec(query.where(Stage.recording_id != recording.id)))


def test_a_session_that_ends_behind_a_backlog_is_sealed_and_searchable_before_it(context: WorkerContext) -> None:
    jobs = JobSender(context.settings)
    with CelerySealer(context.settings), CeleryWorker(context.settings, Queue.RENDER, Queue.WORK):
        wait_until(lambda: is_at_work(context), "the backlog is worked on", seconds=120)
        live = place_recording(context, [small_original(2)], send_job=jobs.send)
        wait_until(lambda: rows(context, live)[StageName.INDEX].state is WorkState.DONE, "searchable", seconds=240)
    jobs.close()
    mine = rows(context, live)
    seal, index = mine[StageName.SEAL], mine[StageName.INDEX]
    assert seal.started_at is not None
    assert seal.finished_at is not None
    assert index.finished_at is not None
    overtook = [
        row for row in started(context, live, StageName.SEAL) if within(row, seal.requested_at, seal.started_at)
    ]
    assert len(overtook) <= SEALERS, "at most one for each that had looked before"
    heavy = (StageName.RENDER, StageName.OCR, StageName.TEXT, StageName.INDEX, StageName.TIER)
    between = [row for row in started(context, live, *heavy) if within(row, seal.finished_at, index.finished_at)]
    assert len(between) <= 1, "at most the one that was chosen at that moment"
    with context.database.read() as session:
        waiting = session.exec(
            select(func.count()).where(Stage.name == StageName.INDEX, Stage.state == WorkState.PENDING)
        )
        assert waiting.one() > IMPORT_COUNT // 2, "the backlog was there all the time"


def within(row: Stage, begin: object, end: object) -> bool:
    return begin < row.started_at < end  # type: ignore[operator]


def test_timers_do_not_wait_behind_a_backlog(context: WorkerContext) -> None:
    jobs = JobSender(context.settings)
    lost = lose_gateway(context)
    with CelerySealer(context.settings), CeleryWorker(context.settings, Queue.RENDER, Queue.WORK):
        wait_until(lambda: is_at_work(context), "the backlog is worked on", seconds=120)
        jobs.send(SESSIONS_RECOVER)
        jobs.send(AUDIT_CHECK_NEW)
        wait_until(lambda: state(context, lost) is SessionState.CLOSED, "the lost session is closed", seconds=60)
        wait_until(lambda: has_checkpoint(context), "a checkpoint is signed", seconds=60)
        wait_until(lambda: rows(context, lost)[StageName.SEAL].state is WorkState.DONE, "it is sealed", seconds=60)
        with context.database.read() as session:
            done = select(func.count()).where(Stage.name == StageName.TIER, Stage.state == WorkState.DONE)
            assert session.exec(done).one() < IMPORT_COUNT // 2, "the backlog is still there"
    jobs.close()


def state(context: WorkerContext, recording: Recording) -> SessionState:
    with context.database.read() as session:
        row = session.get(AccessSession, recording.session_id)
        assert row is not None
        return row.state


def has_checkpoint(context: WorkerContext) -> bool:
    with context.database.read() as session:
        return session.exec(select(AuditCheckpoint.event_id)).first() is not None
