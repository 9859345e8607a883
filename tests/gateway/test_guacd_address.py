"""Where the setting says guacd is."""

import socket
from pathlib import Path

import pytest

from gateway.guacd_address import Address, open_socket, parse


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        (None, ("127.0.0.1", 4822)),
        ("guacd:4822", ("guacd", 4822)),
        ("[::1]:4823", ("::1", 4823)),
        ("unix:/srv/run/guacd.sock", Path("/srv/run/guacd.sock")),
    ],
)
def test_where_guacd_is(setting: str | None, address: Address) -> None:
    assert parse(setting) == address


def test_a_unix_socket_that_nobody_listens_on_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        with pytest.raises(ConnectionRefusedError):
            open_socket(tmp_path / "s", 1)
