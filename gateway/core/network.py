"""Addresses of hosts: which are this machine's own, and whose an address is."""

import ipaddress
from typing import Final

_IPV4: Final = 4


def network_of(address: str) -> str:
    """The unit that limits by address count: the address itself, but an IPv6 host's /64, all of which one host may use (RFC 4291, 2.5.4)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == _IPV4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped is not None else str(ipaddress.ip_network((found, 64), strict=False))


def is_address(host: str) -> bool:
    """Whether this is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether the name or address is this machine talking to itself."""
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, 6.3
        return True
    return is_address(host) and ipaddress.ip_address(host).is_loopback
