"""Who may reach guacd, by what the gateway can see from its own connection."""

import socket
from pathlib import Path
from typing import Any, cast

import pytest

from gateway.guacd_exposure import exposure


class Connection:
    """A connection to an address that tests cannot reach."""

    family = socket.AF_INET

    def __init__(self, peer: str, own: str = "10.0.0.2") -> None:
        self._peer, self._own = peer, own

    def getpeername(self) -> tuple[Any, ...]:
        return (self._peer, 4822)

    def getsockname(self) -> tuple[Any, ...]:
        return (self._own, 40000)


def seen_of(server: socket.socket, host: str) -> str:
    with server, socket.create_connection((host, server.getsockname()[1]), timeout=5) as connection:
        return exposure(connection)


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_a_port_that_only_this_machine_reaches(host: str, family: socket.AddressFamily) -> None:
    assert seen_of(socket.create_server((host, 0), family=family), host) == ""


@pytest.mark.parametrize(
    ("bound", "family", "host"),
    [
        ("0.0.0.0", socket.AF_INET, "127.0.0.1"),  # noqa: S104 - it is to be noticed
        ("::", socket.AF_INET6, "::1"),
    ],
)
def test_a_port_of_this_machine_that_others_reach(bound: str, family: socket.AddressFamily, host: str) -> None:
    server = socket.create_server((bound, 0), family=family)
    port = server.getsockname()[1]
    assert seen_of(server, host) == f"guacd listens on {bound} port {port}"


def test_a_port_of_this_machine_that_is_reached_by_its_own_address() -> None:
    server = socket.create_server(("0.0.0.0", 0))  # noqa: S104 - it is to be noticed
    with server:
        port = server.getsockname()[1]

        class OwnAddress(Connection):
            def getpeername(self) -> tuple[Any, ...]:
                return ("10.0.0.2", port)

        assert exposure(cast("socket.socket", OwnAddress("10.0.0.2"))) == f"guacd listens on 0.0.0.0 port {port}"


def test_a_unix_socket_is_its_folders_to_guard(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as connection:
        server.bind(str(tmp_path / "guacd.sock"))
        server.listen()
        connection.connect(str(tmp_path / "guacd.sock"))
        assert exposure(connection) == ""


@pytest.mark.parametrize(
    ("peer", "seen"),
    [
        ("172.18.0.5", ""),  # a compose network: who else is in it cannot be seen
        ("fd12::5", ""),
        ("8.8.8.8", "guacd is at 8.8.8.8, a public address"),
        ("2606:4700::1", "guacd is at 2606:4700::1, a public address"),
        ("::ffff:8.8.8.8", "guacd is at 8.8.8.8, a public address"),
    ],
)
def test_another_machine(peer: str, seen: str) -> None:
    assert exposure(cast("socket.socket", Connection(peer))) == seen
