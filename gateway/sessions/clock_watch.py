"""Noticing that the machine's clock was set: times of recordings and of the audit trail are read by it."""

import time
from collections.abc import Callable
from typing import Final

# Well above what adjusting a clock gradually amounts to between two beats.
_JUMP_SECONDS: Final = 5.0


class ClockWatch:
    """Compares the clock with one that only runs forward."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset = wall() - monotonic()

    def jump_seconds(self) -> int | None:
        """Return by how much it jumped since the last call, in whole seconds; None for what keeping time explains."""
        offset = self._wall() - self._monotonic()
        jump, self._offset = offset - self._offset, offset
        return round(jump) if abs(jump) >= _JUMP_SECONDS else None
