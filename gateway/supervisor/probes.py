"""Quick readiness checks, used as `Child.is_ready`. Each returns within two seconds."""

import random
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from gateway.guacd_address import Address, open_socket

_PROBE_SECONDS = 2.0
# Below the range of outgoing connections (ip(7), ip_local_port_range: from 32768), above registered services mostly.
_PORTS = range(20_000, 32_000)
# The probed server is on this machine, and its certificate names the public address.
_ANY_CERTIFICATE = ssl._create_unverified_context()  # noqa: S323, SLF001 - nothing is sent or believed


def free_port(host: str = "127.0.0.1") -> int:
    """Return a TCP port that is free now, outside the range from which the kernel assigns ports."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311 - a choice, not a secret
        with suppress(OSError), socket.create_server((host, port)):
            return port


def is_listening(host: str, port: int) -> bool:
    """Whether a TCP connection is accepted."""
    try:
        with socket.create_connection((host, port), timeout=_PROBE_SECONDS):
            return True
    except OSError:
        return False


def answers_ping(path: Path) -> bool:
    """Whether a Redis on a unix socket has loaded its data: only then does it answer PING with PONG."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(_PROBE_SECONDS)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def answers_http(url: str) -> bool:
    """Whether a web server answers, with any status and any certificate."""
    try:
        with urllib.request.urlopen(url, timeout=_PROBE_SECONDS, context=_ANY_CERTIFICATE):  # noqa: S310 - our own URL
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def is_accepting(address: Address) -> bool:
    """Whether a connection to a port or a unix socket is accepted."""
    try:
        open_socket(address, _PROBE_SECONDS).close()
    except OSError:
        return False
    return True


def accepting(address: Address) -> Callable[[], bool]:
    """`is_accepting` for a child's description."""
    return partial(is_accepting, address)


def listening(host: str, port: int) -> Callable[[], bool]:
    """`is_listening` for a child's description."""
    return partial(is_listening, host, port)
