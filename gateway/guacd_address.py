"""Where guacd is: `host:port`, or `unix:/path` of the private one, whose socket is in a private folder of its starter."""

import socket
from pathlib import Path
from typing import Final

UNIX: Final = "unix:"
_DEFAULT: Final = ("127.0.0.1", 4822)

Address = tuple[str, int] | Path
"""Host and port, or path of a unix socket."""


def parse(setting: str | None) -> Address:
    """Return the address in the setting `guacd`, or guacd's default."""
    if setting is None:
        return _DEFAULT
    if setting.startswith(UNIX):
        return Path(setting.removeprefix(UNIX))
    host, _, port = setting.rpartition(":")
    return host.strip("[]"), int(port)


def open_socket(address: Address, timeout: float) -> socket.socket:
    """Return a connected socket with this timeout in seconds. Raises OSError."""
    if not isinstance(address, Path):
        return socket.create_connection(address, timeout)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(timeout)
        connection.connect(str(address))
    except BaseException:
        connection.close()
        raise
    return connection
