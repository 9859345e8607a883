"""guacd's clock, as seen from outside: the relay sets it at each `sync`, and events are dated by it."""

import time
from collections.abc import Callable

from gateway.core.desktop.clock import MAX_BACK_MS, SessionClock


class GuacdClock:
    """Milliseconds on guacd's clock: the last sync's timestamp plus what has passed here since it came."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._session = SessionClock()
        self._sync_ms: int | None = None
        self._came_at = 0.0
        self._given_ms = self._since_start_ms = 0

    @property
    def first_ms(self) -> int | None:
        """The first sync's timestamp; None before it came."""
        return self._session.first_ms

    def set(self, sync_ms: int) -> None:
        """Note that a sync with this timestamp has just come from guacd."""
        self._session.sync(str(sync_ms))
        self._sync_ms, self._came_at = sync_ms, self._monotonic()
        if sync_ms < self._given_ms - MAX_BACK_MS:  # guacd's clock was set; stamps that wait for it would stand still
            self._given_ms = 0

    def now_ms(self) -> int | None:
        """Return the time now; None before the first sync. Goes back only if guacd's clock was set."""
        if self._sync_ms is None:
            return None
        self._given_ms = max(self._given_ms, self._sync_ms + self._passed_ms())
        return self._given_ms

    def since_start_ms(self) -> int:
        """Return the time in the recording, in ms since the first sync; 0 before it. Never goes back."""
        if self._sync_ms is None:
            return 0
        self._since_start_ms = max(self._since_start_ms, self._session.offset_ms + self._passed_ms())
        return self._since_start_ms

    def _passed_ms(self) -> int:
        return int((self._monotonic() - self._came_at) * 1000)
