"""Jobs leave quickly or not at all, and never fail their sender."""

import json
import socket
import time
from pathlib import Path

import pytest
import redis

from gateway.core.work import RECORDING_ADVANCE
from gateway.settings import Settings
from gateway.work.jobs import JobSender, broker_url, settings_redis_url
from tests.parts.redis_server import RedisServer


def sender(url: str) -> JobSender:
    return JobSender(Settings.model_validate({"redis_url": url}))


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://h:1/2", "redis://h:1/2"),
        ("rediss://:p@h:1", "rediss://:p@h:1"),
        ("unix:///run/r.sock", "redis+socket:///run/r.sock?virtual_host=0"),
        ("unix:///run/r.sock?db=3", "redis+socket:///run/r.sock?virtual_host=3"),
        ("unix://:p%40ss@/run/r.sock?db=3", "redis+socket://:p%40ss@/run/r.sock?virtual_host=3"),
        ("unix:///run/r.sock?password=p%40ss", "redis+socket://:p%40ss@/run/r.sock?virtual_host=0"),
    ],
)
def test_the_broker_is_named_in_celerys_words(redis_url: str, expected: str) -> None:
    assert broker_url(redis_url) == expected


def test_without_a_setting_the_private_socket_is_meant(tmp_path: Path) -> None:
    assert settings_redis_url(Settings(data_dir=tmp_path)) == f"unix://{tmp_path}/run/redis.sock"


def test_a_job_carries_its_name_and_ids(redis_server: RedisServer) -> None:
    jobs = sender(redis_server.url)
    with redis.Redis.from_url(redis_server.url) as client:
        client.delete("seal")  # what other tests sent
        jobs.send(RECORDING_ADVANCE, "recording-1")
        jobs.close()
        message = json.loads(client.rpop("seal"))
    assert message["headers"]["task"] == RECORDING_ADVANCE
    assert message["headers"]["argsrepr"] == "['recording-1']"


def test_a_broker_that_is_gone_or_hangs_fails_nobody(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        port = hanging.getsockname()[1]
        for url in (f"unix://{tmp_path}/none.sock", "redis://127.0.0.1:9/0", f"redis://127.0.0.1:{port}/0"):
            jobs = sender(url)
            begun = time.monotonic()
            jobs.send(RECORDING_ADVANCE, "recording-1")
            assert time.monotonic() - begun < 5
            jobs.close()
