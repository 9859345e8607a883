"""The jobs: every name of the contract is there, and each does its work when it comes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from gateway.audit import Actor
from gateway.core import work as contract
from gateway.core.session import CloseReason, SessionState
from gateway.core.work import TaskKind
from gateway.db.database import Database
from gateway.db.models import AccessSession
from gateway.db.repositories import recordings
from gateway.keys.site import open_database
from gateway.settings import Settings, get_settings
from gateway.work.tasks import place
from tests.parts.database import upgrade
from tests.parts.lost_gateway import lose_gateway
from tests.parts.redis_server import RedisServer
from workers import jobs
from workers.schedule import SCHEDULE, SESSIONS_RECOVER

_AUDIT_JOBS = (jobs.check_new_audit_events, jobs.check_audit_trail)


@pytest.fixture
def database(tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REELGATE_REDIS_URL", redis_server.url)
    for cached in (get_settings, jobs._context, jobs._sender):
        cached.cache_clear()
    settings = Settings(data_dir=tmp_path)
    upgrade(settings.database)
    database = open_database(settings)
    yield database
    database.close()
    jobs._context().database.close()
    jobs._sender().close()
    for cached in (get_settings, jobs._context, jobs._sender):
        cached.cache_clear()


def test_all_jobs_are_known_by_their_names() -> None:
    known = {job.name for job in vars(jobs).values() if hasattr(job, "apply_async")}
    promised = {value for name, value in vars(contract).items() if name.isupper() and isinstance(value, str)}
    assert known == promised | {SESSIONS_RECOVER}
    on_request = {contract.RECORDING_ADVANCE, contract.RENDER_RUN, contract.WORK_RUN, contract.TASK_RUN}
    assert {entry["task"] for entry in SCHEDULE.values()} == known - on_request


@pytest.mark.usefixtures("database")
def test_the_timers_jobs_run_on_an_empty_database() -> None:
    timed = (jobs.resend, jobs.expire, jobs.reconcile_recordings, jobs.recover_sessions)
    for job in (*timed, *_AUDIT_JOBS, jobs.sample_storage):
        job()


def test_what_a_lost_gateway_left_open_is_sealed_with_its_gap(database: Database) -> None:
    recording = lose_gateway(jobs._context())
    jobs.recover_sessions()
    jobs.advance(recording.id)
    with database.read() as session:
        assert recordings.get(session, recording.id).state == "sealed"
    jobs.run_work()
    with database.read() as session:
        closed = session.get(AccessSession, recording.session_id)
        assert closed is not None
        assert (closed.state, closed.close_reason) == (SessionState.CLOSED, CloseReason.GATEWAY_LOST)
        assert [gap.cause for gap in recordings.gaps(session, recording.id)] == ["gateway_lost"]
        assert recordings.get(session, recording.id).state == "archived"


def test_the_timer_nudges_workers_about_what_is_due_and_not_more_than_there_are(
    database: Database, redis_server: RedisServer
) -> None:
    with database.write() as session:
        for number in range(5):
            place(session, TaskKind.VERIFY, Actor("ann"), lambda *_job: None, number=number)
    with Redis.from_url(redis_server.url) as client:
        client.delete(*contract.Queue)
        jobs.resend()
        waiting = [json.loads(job)["headers"]["task"] for job in client.lrange(contract.Queue.WORK, 0, -1)]
    assert waiting == [contract.WORK_RUN] * get_settings().worker_processes


def test_a_timers_job_is_not_begun_beside_itself() -> None:
    runs: list[bool] = []

    def work() -> None:
        runs.append(True)
        job()

    job = jobs._timer("test.once")(work)
    job()
    job()
    assert len(runs) == 2
