"""Check whether a target can be reached from this gateway: resolve its name, then open its port.

Distinguishes failures that guacd reports as one. Both steps are bounded in time. Blocks: call it off the event loop.
Nothing is sent to the target beyond opening a TCP connection.
"""

import socket
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final

# A name server or host behind a VPN answers within a second, and a person is waiting.
_NAME_SECONDS: Final = 3.0
_PORT_SECONDS: Final = 3.0
# `getaddrinfo` takes no timeout, so it runs in its own threads: slow name servers delay nothing else.
_LOOKUPS: Final = ThreadPoolExecutor(4, "lookup")


class Reach(StrEnum):
    """The result of probing a target's address."""

    ANSWERS = "answers"
    NAME_UNKNOWN = "name_unknown"
    REFUSED = "refused"
    SILENT = "silent"


def probe(host: str, port: int) -> Reach:
    """Resolve the host's name and open its port. Blocks for about six seconds at most."""
    try:
        found = _LOOKUPS.submit(socket.getaddrinfo, host.strip("[]"), port, type=socket.SOCK_STREAM)
        address = found.result(_NAME_SECONDS)[0][4]
    except TimeoutError:  # before OSError, its base class
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
