"""A limit on bytes per second shared by all processes of this machine.

The time at which the line is free again is in a small file under a lock (flock(2)), on the kernel's monotonic clock,
which is the same for all processes.
"""

import fcntl
import os
import struct
import time
from pathlib import Path
from typing import Final

_FORM: Final = struct.Struct("<d")
# A reservation further ahead than this is from before a reboot, which restarted the clock.
_LONGEST_SECONDS: Final = 600.0


class Pace:
    """`wait(count)` before (or after) moving that many bytes keeps the total at `bytes_per_second`; None: no limit."""

    def __init__(self, path: Path, bytes_per_second: int | None) -> None:
        self._path = path
        self._rate = bytes_per_second

    def wait(self, count: int) -> None:
        """Wait for this many bytes' turn."""
        if self._rate is not None and count:
            time.sleep(self._reserve(count / self._rate))

    def _reserve(self, seconds: float) -> float:
        """Reserve the next free interval of that length; return the time until it begins."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            now = time.monotonic()
            free_at = _free_at(os.pread(handle, _FORM.size, 0), now)
            os.pwrite(handle, _FORM.pack(free_at + seconds), 0)
        finally:
            os.close(handle)
        return free_at - now


def _free_at(stored: bytes, now: float) -> float:
    free_at: float = _FORM.unpack(stored)[0] if len(stored) == _FORM.size else now
    return free_at if now <= free_at < now + _LONGEST_SECONDS else now
