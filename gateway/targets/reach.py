"""Whether a target can be reached from this gateway: its name, then its port. Says what guacd cannot tell apart.

Both steps are bounded in time. Blocks: call it off the event loop. Nothing is sent to the target but the opening of a TCP
connection.
"""

import socket
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final

# A name server or a host on the far side of a VPN answers within a second; a person is waiting.
_NAME_SECONDS: Final = 3.0
_PORT_SECONDS: Final = 3.0
# `getaddrinfo` cannot be given a time limit, so it gets threads of its own: slow name servers hold up no other work.
_LOOKUPS: Final = ThreadPoolExecutor(4, "lookup")


class Reach(StrEnum):
    """What was found at a target's address."""

    ANSWERS = "answers"
    NAME_UNKNOWN = "name_unknown"
    REFUSED = "refused"
    SILENT = "silent"


def probe(host: str, port: int) -> Reach:
    """Resolve the host's name and open its port. Blocks for some six seconds at most."""
    try:
        found = _LOOKUPS.submit(socket.getaddrinfo, host.strip("[]"), port, type=socket.SOCK_STREAM)
        address = found.result(_NAME_SECONDS)[0][4]
    except TimeoutError:  # before OSError, of which it is one
        return Reach.SILENT
    except (OSError, UnicodeError):  # UnicodeError: a label longer than 63 characters
        return Reach.NAME_UNKNOWN
    try:
        with socket.create_connection((str(address[0]), port), timeout=_PORT_SECONDS):
            return Reach.ANSWERS
    except ConnectionRefusedError:
        return Reach.REFUSED
    except OSError:
        return Reach.SILENT
