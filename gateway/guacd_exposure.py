"""Who besides the gateway may reach guacd, as far as the gateway can see: guacd does what anyone who reaches it says.

Seen: a public address, and on this machine (in its network namespace) the addresses at which guacd's port listens. Not
seen: firewalls, and who else is in a private network.
"""

import socket
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

# proc(5), /proc/net/tcp; the state of a listening socket is TCP_LISTEN of the kernel's tcp_states.h.
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS: Final = "0A"
_WORD_BYTES: Final = 4

_Ip = IPv4Address | IPv6Address


def exposure(connection: socket.socket) -> str:
    """Return how others may reach the guacd that `connection` leads to, for a person; "" if nothing is seen."""
    if connection.family == socket.AF_UNIX:
        return ""
    (host, port), (own_host, *_) = connection.getpeername()[:2], connection.getsockname()
    address = _plain(ip_address(host))
    if address.is_loopback or address == _plain(ip_address(own_host)):
        open_to = [str(found) for found in _listening(port) if not found.is_loopback]
        return f"guacd listens on {', '.join(open_to)} port {port}" if open_to else ""
    return f"guacd is at {address}, a public address" if address.is_global else ""


def _listening(port: int) -> Iterator[_Ip]:
    """Addresses of this machine at which that port listens."""
    for table in _TABLES:
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:  # no IPv6, or a sandbox without /proc
            continue
        for line in lines:
            local, state = line.split()[1], line.split()[3]
            address, _, number = local.partition(":")
            if state == _LISTENS and int(number, 16) == port:
                yield _plain(_parsed(address))


def _parsed(text: str) -> _Ip:
    """An address as the kernel prints it: 32-bit words in its own byte order."""
    raw = bytes.fromhex(text)
    words = (raw[at : at + _WORD_BYTES] for at in range(0, len(raw), _WORD_BYTES))
    return ip_address(b"".join(word[::-1] if sys.byteorder == "little" else word for word in words))


def _plain(address: _Ip) -> _Ip:
    """An IPv4 address that is written as IPv6, as IPv4."""
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
