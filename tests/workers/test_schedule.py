"""The timer sends a job when none of its kind waits, and only then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from celery.beat import ScheduleEntry
from redis import Redis

from gateway.core.work import AUDIT_CHECK_NEW, PIPELINE_RESEND, Queue
from gateway.settings import get_settings
from gateway.work.jobs import broker_url
from tests.parts.redis_server import RedisServer
from workers.schedule import SCHEDULE, OneAtATime, waiting_jobs


@pytest.fixture
def scheduler(redis_server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OneAtATime]:
    monkeypatch.setenv("REELGATE_REDIS_URL", redis_server.url)
    get_settings.cache_clear()
    with Redis.from_url(redis_server.url) as client:
        client.delete(Queue.TIMERS)
    app = Celery("test", broker=broker_url(redis_server.url), set_as_current=False)
    app.conf.update(task_default_queue=Queue.TIMERS, beat_schedule_filename=str(tmp_path / "schedule"))
    scheduler = OneAtATime(app=app, lazy=True)
    yield scheduler
    app.close()
    get_settings.cache_clear()


def entry(scheduler: OneAtATime, name: str) -> ScheduleEntry:
    return ScheduleEntry(name=name, app=scheduler.app, **SCHEDULE[name])


def test_a_job_that_waits_is_not_sent_again_and_does_not_expire(
    scheduler: OneAtATime, redis_server: RedisServer
) -> None:
    for _ in range(3):
        scheduler.apply_entry(entry(scheduler, AUDIT_CHECK_NEW), scheduler.producer)
        scheduler.apply_entry(entry(scheduler, PIPELINE_RESEND), scheduler.producer)
    with Redis.from_url(redis_server.url) as client:
        assert client.llen(Queue.TIMERS) == 2
        assert waiting_jobs(get_settings()) == {AUDIT_CHECK_NEW, PIPELINE_RESEND}
        assert b'"expires": null' in client.lrange(Queue.TIMERS, 0, 0)[0]
        client.delete(Queue.TIMERS)
    scheduler.apply_entry(entry(scheduler, AUDIT_CHECK_NEW), scheduler.producer)
    assert waiting_jobs(get_settings()) == {AUDIT_CHECK_NEW}


def test_a_broker_that_is_away_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELGATE_REDIS_URL", f"unix://{tmp_path}/none.sock")
    get_settings.cache_clear()
    assert waiting_jobs(get_settings()) == set()
    get_settings.cache_clear()
