"""Where targets may be, however it is spelled."""

import socket
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from gateway.core.errors import InvalidInputError
from gateway.settings import Settings
from gateway.targets.addresses import check_host, check_resolved


def settings(allowed: str = "", **given: Any) -> Settings:
    return Settings(data_dir=Path("unused"), allowed_targets=allowed, _env_file=None, **given)


DENIED = [
    "127.0.0.1",
    "127.8.8.8",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "0.0.0.0",  # noqa: S104 - asked about, not listened on
    "0",
    "0.1.2.3",
    "::",
    "169.254.169.254",
    "169.254.1",
    "0xa9fea9fe",
    "::ffff:169.254.169.254",
    "fe80::1",
    "[fe80::1]",
    "224.0.0.1",
    "ff02::1",
    "metadata.google.internal",
    "metadata.google.internal.",
    "METADATA",
    "redis",
    "db.internal",
    "store.example",
    "guacd",
]
OURS: dict[str, Any] = {
    "redis_url": SecretStr("redis://:secret@redis:6379/0"),
    "database_url": SecretStr("postgresql+psycopg://u:secret@db.internal/reelgate"),
    "s3_endpoint": "https://store.example:9000",
    "guacd": "guacd:4822",
}


@pytest.mark.parametrize("host", DENIED)
def test_own_and_link_local_hosts_are_denied(host: str) -> None:
    with pytest.raises(InvalidInputError, match="REELGATE_ALLOWED_TARGETS"):
        check_host(settings(**OURS), host)


@pytest.mark.parametrize("host", ["10.0.0.5", "0x0a.5", "[::ffff:10.0.0.5]"])
def test_a_service_known_by_its_address_is_denied(host: str) -> None:
    with pytest.raises(InvalidInputError):
        check_host(settings(redis_url=SecretStr("redis://10.0.0.5")), host)


@pytest.mark.parametrize("host", ["10.0.0.5", "192.168.1.9", "desk.example", "2001:db8::7", "127.example", "8.8.8.8"])
def test_others_are_taken(host: str) -> None:
    check_host(settings(**OURS), host)


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("127.0.0.0/8", "127.9.9.9"),
        ("10.1.0.0/16, 127.0.0.1", "0x7f.1"),
        ("::1", "[::1]"),
        ("redis", "redis."),
        ("localhost", "localhost"),
    ],
)
def test_the_setting_opens_what_it_names(allowed: str, host: str) -> None:
    check_host(settings(allowed, **OURS), host)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:127.0.0.1", "10.7.7.7"]
)
def test_a_name_that_leads_there_is_denied_when_it_is_opened(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    names = {"rebound.example": "192.0.2.9", "inside.example": address, "redis": "10.7.7.7"}

    def resolve(name: str, _port: None, **_options: Any) -> list[Any]:
        if name not in names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (names[name], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    check_resolved(settings(**OURS), "rebound.example")
    check_resolved(settings(**OURS), "unknown.example")
    check_host(settings(**OURS), "inside.example")
    with pytest.raises(InvalidInputError):
        check_resolved(settings(**OURS), "inside.example")
