"""Decide which addresses targets may have; checked when a target is created, changed and opened.

guacd connects to any address it is given, from inside the site. To keep targets away from Reelgate's own services and
cloud metadata, loopback, link-local, unspecified and multicast addresses and the hosts of Reelgate's services are
denied in every notation. REELGATE_ALLOWED_TARGETS allows networks, addresses and names.

Opening a target resolves its name here and checks every address. guacd then resolves the name again itself, so this does
not stop a name server that answers the two differently, nor a name that only guacd can resolve.
"""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from gateway.core.errors import InvalidInputError
from gateway.core.network import is_loopback
from gateway.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses of "this network" lead to this machine (RFC 1122, 3.2.1.3).
_THIS_NETWORK: Final = ipaddress.ip_network("0.0.0.0/8")
# IPv4 addresses inside IPv6 ones: compatible (RFC 4291, 2.5.5.1) and NAT64 (RFC 6052, 2.1).
_EMBEDDING: Final = (ipaddress.ip_network("::/96"), ipaddress.ip_network("64:ff9b::/96"))
_METADATA: Final = frozenset({"metadata", "metadata.google.internal", "instance-data"})


def check_host(settings: Settings, host: str) -> None:
    """Reject a host that no target may have, without resolving names. Raises InvalidInputError."""
    name = _plain(host)
    if name in _allowed(settings):
        return
    address = literal_address(name)
    if address is not None:
        _check_address(settings, host, address)
    elif is_loopback(name) or name in _METADATA or name in own_hosts(settings):
        raise _denied(host, host)


def check_resolved(settings: Settings, host: str) -> None:
    """Like `check_host`, and check every address the name resolves to now. Blocks. Raises InvalidInputError."""
    check_host(settings, host)
    name = _plain(host)
    if name in _allowed(settings) or literal_address(name) is not None:
        return
    own = {address for one in own_hosts(settings) for address in _resolved(one)}
    for address in _resolved(name):
        _check_address(settings, host, address)
        if address in own and not _is_allowed(settings, address):
            raise _denied(host, str(address))


def literal_address(name: str) -> Address | None:
    """Return the literal address in any notation the C library accepts: `0x7f.1`, `2130706433`, `::ffff:127.0.0.1`."""
    try:
        return ipaddress.IPv4Address(socket.inet_aton(name))
    except (OSError, UnicodeEncodeError):
        pass
    try:
        return _unwrapped(ipaddress.IPv6Address(name))
    except ValueError:
        return None


def own_hosts(settings: Settings) -> frozenset[str]:
    """Return the names of the hosts of Reelgate's own services."""
    guacd = settings.guacd or "unix:"
    urls = [settings.s3_endpoint, None if guacd.startswith("unix:") else f"tcp://{guacd}"]
    urls += [one.get_secret_value() for one in (settings.redis_url, settings.database_url) if one is not None]
    return frozenset(_plain(host) for url in urls if url and (host := urlsplit(url).hostname))


def _check_address(settings: Settings, host: str, address: Address) -> None:
    inside = address in _THIS_NETWORK or address.is_multicast or address.is_unspecified
    if not (inside or address.is_loopback or address.is_link_local or str(address) in own_hosts(settings)):
        return
    if not _is_allowed(settings, address):
        raise _denied(host, str(address))


def _is_allowed(settings: Settings, address: Address) -> bool:
    for one in _allowed(settings):
        try:
            if address in ipaddress.ip_network(one, strict=False):
                return True
        except ValueError:  # a name
            continue
    return False


def _denied(host: str, what: str) -> InvalidInputError:
    where = host if host == what else f"{host} ({what})"
    return InvalidInputError(
        f"{where} is this machine, a link-local address or a service of Reelgate; to allow it as a target, add it to "
        "REELGATE_ALLOWED_TARGETS"
    )


def _allowed(settings: Settings) -> frozenset[str]:
    return frozenset(_plain(one) for one in settings.allowed_targets.split(",") if one.strip())


def _plain(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower()


def _resolved(name: str) -> Iterator[Address]:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    for *_, where in found:
        address = ipaddress.ip_address(str(where[0]).partition("%")[0])
        yield _unwrapped(address) if isinstance(address, ipaddress.IPv6Address) else address


def _unwrapped(address: ipaddress.IPv6Address) -> Address:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    embeds = int(address) > 1 and any(address in network for network in _EMBEDDING)
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if embeds else address
