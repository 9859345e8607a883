"""A worker for each queue, as in containers: each wakes the next, and the one that renders never sees a signing key."""

from pathlib import Path

import pytest

from gateway.core.recording.states import RecordingState
from gateway.core.work import Queue, StageName, stages_of
from gateway.db.repositories import recordings
from gateway.settings import Settings
from gateway.work.jobs import JobSender
from tests.parts.celery_worker import CelerySealer, CeleryWorker
from tests.parts.database import upgrade
from tests.parts.recordings import halves, place_recording, small_original
from tests.parts.redis_server import RedisServer
from tests.parts.running import wait_until
from workers.running.work import WorkerContext

pytestmark = pytest.mark.timeout(400)


def site(tmp_path: Path, redis: RedisServer, **changed: object) -> Settings:
    """Settings with master keys from the environment, as containers have them."""
    return Settings.model_validate(
        {
            "data_dir": tmp_path / "data",
            "redis_url": redis.url,
            "ocr_engine": "tesserocr",
            "master_keys": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            **changed,
        }
    )


def test_a_session_that_has_ended_is_sealed_rendered_and_archived(tmp_path: Path) -> None:
    for name in ("redis", "data"):
        (tmp_path / name).mkdir()
    with RedisServer(tmp_path / "redis") as redis:
        settings = site(tmp_path, redis, keys_dir=tmp_path / "keys")
        keyless = site(tmp_path, redis, keys_dir=tmp_path / "no-keys")
        upgrade(settings.database)
        context, jobs = WorkerContext.build(settings), JobSender(settings)

        def state(recording_id: str) -> RecordingState:
            with context.database.read() as session:
                return recordings.get(session, recording_id).state

        with (
            CelerySealer(settings),
            CeleryWorker(keyless, Queue.RENDER, name="renderer"),
            CeleryWorker(settings, Queue.WORK),
        ):
            recording = place_recording(context, halves(small_original(2)), send_job=jobs.send)
            wait_until(lambda: state(recording.id) is RecordingState.ARCHIVED, "archived", seconds=240)
        jobs.close()
        context.database.close()
    assert not (tmp_path / "no-keys").exists()
    rendered = (tmp_path / "data" / "renderer.log").read_text()
    assert {name for name in StageName if f"stage={name}" in rendered} == stages_of({Queue.RENDER})
