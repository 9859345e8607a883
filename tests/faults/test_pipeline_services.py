"""The pipeline on real parts: Redis, Celery, PostgreSQL, an S3-compatible server, each of which goes away."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import PIPELINE_RESEND, StageName, WorkState
from gateway.db.models import ArchiveCheck, Recording, Stage
from gateway.db.repositories import recordings, stages
from gateway.settings import Settings
from gateway.storage.local import sha256_of
from gateway.work.jobs import JobSender
from tests.faults.aftermath import check_aftermath
from tests.parts.celery_worker import CeleryTimer, CeleryWorker
from tests.parts.database import upgrade
from tests.parts.long import POSTGRESQL_LATER
from tests.parts.recordings import DATA, halves, place_recording, small_original
from tests.parts.redis_server import RedisServer
from tests.parts.running import wait_until
from tests.parts.s3 import S3Server
from workers.running.work import WorkerContext

pytestmark = [pytest.mark.timeout(240)]
on_both_databases = pytest.mark.parametrize("settings", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def redis_part(tmp_path: Path) -> Iterator[RedisServer]:
    """Of its own: other tests' jobs must not come to this test's worker."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as part:
        yield part


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path, redis_part: RedisServer) -> Settings:
    values = {"data_dir": tmp_path / "data", "redis_url": redis_part.url, "ocr_engine": "tesserocr"}
    if getattr(request, "param", "sqlite") == "postgresql":
        values["database_url"] = request.getfixturevalue("postgres_url")
    (tmp_path / "data").mkdir()
    return Settings.model_validate(values)


def with_s3(settings: Settings, server: S3Server, bucket: str) -> Settings:
    values = {
        "s3_endpoint": server.url,
        "s3_bucket": bucket,
        "s3_prefix": "site/",
        "s3_access_key": server.access_key,
        "s3_secret_key": server.secret_key,
    }
    return Settings.model_validate(settings.model_dump(include=settings.model_fields_set) | values)


@pytest.fixture
def contexts() -> Iterator[list[WorkerContext]]:
    made: list[WorkerContext] = []
    yield made
    for context in made:
        context.database.close()


def build(settings: Settings, contexts: list[WorkerContext]) -> WorkerContext:
    upgrade(settings.database)
    contexts.append(WorkerContext.build(settings))
    return contexts[-1]


def stage(context: WorkerContext, recording: Recording, name: StageName) -> Stage:
    with context.database.read() as session:
        return stages.of_recording(session, recording.id)[name]


def row(context: WorkerContext, recording: Recording) -> Recording:
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def wait_for_state(context: WorkerContext, recording: Recording, name: StageName, *states: WorkState) -> None:
    wait_until(lambda: stage(context, recording, name).state in states, f"{name} {'/'.join(states)}", seconds=120)


@on_both_databases
def test_a_closed_session_is_searchable_and_in_the_bucket_with_its_digest(
    settings: Settings, s3_server: S3Server, s3_bucket: str, contexts: list[WorkerContext]
) -> None:
    context = build(with_s3(settings, s3_server, s3_bucket), contexts)
    jobs = JobSender(context.settings)
    original = small_original()
    with CeleryWorker(context.settings):
        recording = place_recording(context, halves(original), send_job=jobs.send)
        wait_for_state(context, recording, StageName.TIER, WorkState.DONE)
    jobs.close()
    sealed = row(context, recording)
    assert sealed.state is RecordingState.ARCHIVED
    assert sealed.digest == sha256_of([original])[0]
    client = s3_server.client()
    shutil.rmtree(context.files.folder(recording))
    with context.database.read() as session:
        for stored in recordings.archive_objects(session, recording.id):
            assert stored.key.startswith("site/recordings/2026/03/04/")
            body = client.get_object(Bucket=s3_bucket, Key=stored.key)["Body"].read()
            assert sha256_of([body]) == (stored.sha256, stored.size_bytes)
        segments = [
            b"".join(context.files.open(recording, segment.name))
            for segment in recordings.segments(session, recording.id)
            if context.files.hot_path(recording, segment.name) is None
        ]
    assert sha256_of(segments)[0] == sealed.digest


def test_an_archive_that_is_down_is_waited_for_and_nothing_is_lost(
    settings: Settings, tmp_path: Path, contexts: list[WorkerContext]
) -> None:
    folder = tmp_path / "s3"
    folder.mkdir()
    original = small_original(3)
    with S3Server(folder) as server:
        configured = with_s3(settings, server, server.create_bucket())
        context = build(configured.model_copy(update={"hot_days": 0.0}), contexts)
        server.kill()
        jobs = JobSender(context.settings)
        with CeleryWorker(context.settings):
            recording = place_recording(context, [original], send_job=jobs.send)
            wait_until(lambda: stage(context, recording, StageName.TIER).error is not None, "trouble", seconds=120)
            waiting = stage(context, recording, StageName.TIER)
            assert waiting.state is WorkState.PENDING
            assert waiting.error is not None
            assert "does not answer" in waiting.error
            found = row(context, recording)
            assert (found.state, found.tier) == (RecordingState.SEALED, Tier.HOT)
            assert found.searchable_at is not None, "people need not wait for the archive"
            server.start()
            end_pauses(context, recording)
            deliver_until(context, recording, StageName.TIER, jobs)
        jobs.close()
        assert b"".join(context.files.original(recording)) == original
        check_aftermath(context, row(context, recording))


def end_pauses(context: WorkerContext, recording: Recording) -> None:
    """Stands in for half a minute, after which the archive is looked at anew and the stage is due."""
    with context.database.write() as session:
        stages.of_recording(session, recording.id, lock=True)[StageName.TIER].not_before_at = None
        for check in session.exec(select(ArchiveCheck)):
            session.delete(check)


def deliver_until(context: WorkerContext, recording: Recording, name: StageName, jobs: JobSender) -> None:
    """Stands in for the timer, which sends the same job every 15 s."""
    sent = 0.0

    def done() -> bool:
        nonlocal sent
        if time.monotonic() - sent > 1:
            jobs.send(PIPELINE_RESEND)
            sent = time.monotonic()
        return stage(context, recording, name).state is WorkState.DONE

    wait_until(done, f"{name} done", seconds=150)


@POSTGRESQL_LATER
def test_a_worker_killed_at_work_is_replaced_and_the_timer_sends_its_recording_again(
    settings: Settings, contexts: list[WorkerContext]
) -> None:
    context = build(settings, contexts)
    jobs = JobSender(context.settings)
    original = (DATA / "terminal-vnc.guac").read_bytes()
    worker = CeleryWorker(context.settings).start()
    recording = place_recording(context, [original], send_job=jobs.send)
    wait_for_state(context, recording, StageName.RENDER, WorkState.RUNNING)
    worker.kill()
    assert stage(context, recording, StageName.RENDER).state is WorkState.RUNNING
    jobs.close()
    with CeleryWorker(context.settings), CeleryTimer(context.settings):
        wait_for_state(context, recording, StageName.RENDER, WorkState.DONE)
    assert stage(context, recording, StageName.RENDER).attempt_count == 2


def test_a_job_that_was_lost_with_the_broker_is_sent_again(
    settings: Settings, redis_part: RedisServer, contexts: list[WorkerContext]
) -> None:
    context = build(settings, contexts)
    jobs = JobSender(context.settings)
    redis_part.kill()
    recording = place_recording(context, [], send_job=jobs.send)
    jobs.close()
    redis_part.start()
    with CeleryWorker(context.settings), CeleryTimer(context.settings):
        wait_for_state(context, recording, StageName.TIER, WorkState.DONE)
    check_aftermath(context, row(context, recording))


def test_a_worker_outlives_a_broker_that_restarts(
    settings: Settings, redis_part: RedisServer, contexts: list[WorkerContext]
) -> None:
    context = build(settings, contexts)
    with CeleryWorker(context.settings):
        redis_part.kill()
        redis_part.start()
        jobs = JobSender(context.settings)
        recording = place_recording(context, [], send_job=jobs.send)
        deliver_until(context, recording, StageName.TIER, jobs)
        jobs.close()
    check_aftermath(context, row(context, recording))
