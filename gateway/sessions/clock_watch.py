"""Notice that the machine's clock was set. It dates recordings and the audit trail."""

import time
from collections.abc import Callable
from typing import Final

# Well above what adjusting a clock gradually amounts to between two beats.
_JUMP_SECONDS: Final = 5.0


class ClockWatch:
    """Compare the clock with one that only runs forward."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset = wall() - monotonic()

    def jump_seconds(self) -> int | None:
        """Return by how many seconds it jumped since the last call; None if it was at most adjusted gradually."""
        offset = self._wall() - self._monotonic()
        jump, self._offset = offset - self._offset, offset
        return round(jump) if abs(jump) >= _JUMP_SECONDS else None
