"""Names of worker processes in leases, and whether the process with a given name is still alive.

A name is host, process id and the process's start time, because process ids are reused (proc(5), stat, field 22). In a
lease, `#` and the id of the run follow.
"""

import os
import socket
from pathlib import Path
from typing import Final

_FIELD_STATE: Final = 0  # counted from after the name in parentheses, which may contain spaces
_FIELD_START: Final = 19


def this_process() -> str:
    """Return the name of the calling process."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(owner: str) -> bool:
    """Whether it ran on this host and has ended. Processes of other hosts are unknown, so False."""
    owner = owner.partition("#")[0]
    host, _, process = owner.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not process.isdecimal():
        return False
    return _started(int(process)) != owner.rpartition(":")[2]


def _started(process: int) -> str | None:
    """Return its start time in the kernel's ticks; None if there is none, or only its exit status is left."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[_FIELD_STATE] == "Z" else fields[_FIELD_START]
