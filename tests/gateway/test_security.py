"""Which origins are this site."""

from pathlib import Path
from socket import gethostname

import pytest

from gateway.security import same_origin
from gateway.settings import Settings


def asked(
    origin: str | None, host: str, *, scheme: str = "http", server: str = "127.0.0.1", public_url: str | None = None
) -> bool:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    settings = Settings(data_dir=Path("unused"), public_url=public_url, _env_file=None)
    return same_origin({"type": "http", "scheme": scheme, "headers": headers, "server": (server, 8080)}, settings)


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("https://gate.example", True),
        ("https://GATE.example:443", True),
        ("http://gate.example", False),
        ("https://gate.example:8443", False),
        ("https://gate.example.evil.example", False),
        ("https://sub.gate.example", False),
        ("https://gate.example@evil.example", False),
        ("https://gate.example:port", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_a_public_url_is_the_only_origin(origin: str | None, is_ours: bool) -> None:
    assert asked(origin, "gate.example", scheme="https", public_url="https://gate.example/") is is_ours


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "is_ours"),
    [
        ("http://localhost:8080", "localhost:8080", "http", True),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", "ws", True),
        ("https://[::1]:8443", "[::1]:8443", "wss", True),
        (f"http://{gethostname()}:8080", f"{gethostname()}:8080", "http", True),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", "https", False),
        ("https://127.0.0.1:8080", "127.0.0.1:8080", "ws", False),
        ("http://127.0.0.1:8081", "127.0.0.1:8080", "http", False),
        ("http://rebound.example:8080", "rebound.example:8080", "http", False),
        ("http://192.0.2.7:8080", "192.0.2.7:8080", "http", False),
    ],
)
def test_without_one_only_names_that_no_stranger_can_give_are_believed(
    origin: str, host: str, scheme: str, is_ours: bool
) -> None:
    assert asked(origin, host, scheme=scheme) is is_ours


def test_without_one_the_address_connected_to_is_believed() -> None:
    assert asked("http://192.0.2.7:8080", "192.0.2.7:8080", server="192.0.2.7")
    assert not asked("http://gate.test", "gate.test", server="gate.test")
