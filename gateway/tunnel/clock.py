"""guacd's clock, as it can be told from outside.

Callers: the relay sets it at each `sync`, the recorder asks it for the time of what the operator did.
"""

import time
from collections.abc import Callable
from typing import Final

# Well above what adjusting a clock gradually amounts to between two beats.
_JUMP_SECONDS: Final = 5.0


class GuacdClock:
    """Milliseconds on guacd's clock: the last sync's timestamp plus what has passed here since it came."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._sync_ms: int | None = None
        self._came_at = 0.0
        self._given_ms = 0
        self.first_ms: int | None = None

    def set(self, sync_ms: int) -> None:
        """A sync with this timestamp has just come from guacd."""
        self._sync_ms, self._came_at = sync_ms, self._monotonic()
        if self.first_ms is None:
            self.first_ms = sync_ms

    def now_ms(self) -> int | None:
        """The time now, never less than what was given before; None before the first sync."""
        if self._sync_ms is None:
            return None
        passed_ms = int((self._monotonic() - self._came_at) * 1000)
        self._given_ms = max(self._given_ms, self._sync_ms + passed_ms)
        return self._given_ms

    def since_start_ms(self) -> int:
        """Time since the first sync, 0 before it: where in the recording we are."""
        now_ms = self.now_ms()
        return 0 if now_ms is None or self.first_ms is None else now_ms - self.first_ms


class ClockWatch:
    """Notices when the machine's clock is set, by comparing it with one that only runs forward."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset = wall() - monotonic()

    def jump_seconds(self) -> int | None:
        """By how much it jumped since the last call, in whole seconds; None for what keeping time explains."""
        offset = self._wall() - self._monotonic()
        jump, self._offset = offset - self._offset, offset
        return round(jump) if abs(jump) >= _JUMP_SECONDS else None
