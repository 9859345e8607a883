"""Reelgate's own parts: which are started, what they are told, and that outside ones are left alone."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.core.errors import UnavailableError
from gateway.sandbox import seccomp
from gateway.settings import Settings
from gateway.supervisor import parts, redis


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, port=8080)


def test_outside_parts_are_used_and_not_started(settings: Settings, tmp_path: Path) -> None:
    outside = Settings.model_validate(
        {**settings.model_dump(), "redis_url": "redis://elsewhere", "guacd": "elsewhere:4822"}
    )
    assert parts.broker(outside, tmp_path) == (outside, [])
    assert parts.remote_desktop(outside, tmp_path) == (outside, [])


def test_the_others_are_reported_where_the_private_ones_are(settings: Settings, tmp_path: Path) -> None:
    told, [redis_child] = parts.broker(settings, tmp_path)
    told, [_guacd] = parts.remote_desktop(told, tmp_path)
    env = parts.web(told).env
    assert env["REELGATE_REDIS_URL"] == f"unix://{tmp_path}/redis.sock"
    assert env["REELGATE_GUACD"] == f"unix:{tmp_path}/guacd.sock"
    assert redis_child.name == "redis"
    assert all(worker.env == env for worker in parts.workers(told))


def test_no_secret_stands_on_a_command_line(settings: Settings) -> None:
    told = Settings.model_validate(
        {
            **settings.model_dump(),
            "redis_url": "redis://:hunter2@x",
            "database_url": "postgresql+psycopg://u:hunter2@x/y",
        }
    )
    commands = [child.command for child in (*parts.workers(told), parts.web(told))]
    assert not [word for command in commands for word in command if "hunter2" in word]


def test_proxy_headers_are_believed_from_the_proxy_named_and_from_no_one_by_default(settings: Settings) -> None:
    assert "--no-proxy-headers" in parts.web(settings).command
    behind = parts.web(settings.model_copy(update={"trusted_proxy": "192.0.2.1"})).command
    assert behind[behind.index("--forwarded-allow-ips") + 1] == "192.0.2.1"


def test_the_access_log_with_its_query_strings_is_off(settings: Settings) -> None:
    assert "--no-access-log" in parts.web(settings).command


def test_the_web_server_is_started_with_the_gateways_limits(settings: Settings) -> None:
    command = parts.web(settings).command
    used = [command[command.index(option) + 1] for option in ("--loop", "--http", "--ws")]
    assert used == ["gateway.web_server:Loop", "gateway.web_server:LimitedHttp", "gateway.web_server:LimitedWebSocket"]


def test_a_machine_without_guacd_is_reported_what_to_do(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELGATE_GUACD_ROOT", str(tmp_path / "none"))
    monkeypatch.setattr("shutil.which", lambda *_args, **_options: None)
    with pytest.raises(UnavailableError, match="make setup"):
        parts.remote_desktop(settings, tmp_path)


def test_a_long_folder_gets_a_short_one_for_sockets(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    folder = redis.socket_folder(deep)
    try:
        assert len(str(folder / "redis.sock")) < 108
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        folder.rmdir()
    assert redis.socket_folder(Path("/srv/run")) == Path("/srv/run")


def test_a_kernel_that_cannot_hide_guacd_is_reported_of(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seccomp, "can_notify", lambda: False)
    with capture_logs() as logs:
        told, _children = parts.remote_desktop(settings, tmp_path)
    assert told.guacd is not None
    assert told.guacd.startswith("127.0.0.1:")
    assert [entry["event"] for entry in logs] == ["guacd.exposed"]
