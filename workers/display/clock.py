"""From the time stamps of `sync` to the time of the session."""

from typing import Final

# guacd sends a sync at least every 5 s; a day without one is a clock that was set, not a session that waited.
MAX_STEP_MS: Final = 24 * 3600 * 1000
# A step back of less than this is waited out; a longer one is a clock that was set, and time goes on from it.
MAX_BACK_MS: Final = 60 * 1000
# Nothing between two syncs is further from the first of them than this, twelve times the pause guacd allows itself.
MAX_AHEAD_MS: Final = 60 * 1000
_MAX_DIGITS: Final = 18


class Clock:
    """Milliseconds since the first sync, never backwards.

    guacd's stamps are milliseconds of its own clock (manual, "sync"). As long as they behave, the offset is the stamp
    minus the first stamp; a jump that cannot be true adds nothing and is counted.
    """

    def __init__(self) -> None:
        self.first_ms: int | None = None
        """The first stamp as it stands in the stream."""
        self.offset_ms = 0
        """Time of the last sync since the first, in milliseconds."""
        self.jump_count = 0
        """Stamps that were not believed."""
        self._base = 0

    def advance(self, stamp: str) -> int:
        """Take the next stamp; returns the new `offset_ms`."""
        at = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) <= _MAX_DIGITS else None
        if at is None:
            self.jump_count += 1
        elif self.first_ms is None:
            self.first_ms = self._base = at
        else:
            self._step(at)
        return self.offset_ms

    def offset_of(self, stamp: str) -> int:
        """Offset of something that happened after the last sync (a key, say); what cannot be true is the last sync's."""
        if self.first_ms is None or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _MAX_DIGITS):
            return self.offset_ms
        offset_ms = int(stamp) - self._base
        return offset_ms if self.offset_ms <= offset_ms <= self.offset_ms + MAX_AHEAD_MS else self.offset_ms

    def _step(self, at: int) -> None:
        step = at - self._base - self.offset_ms
        if -MAX_BACK_MS <= step <= MAX_STEP_MS:
            self.jump_count += step < 0
            self.offset_ms += max(step, 0)
        else:
            self.jump_count += 1
            self._base = at - self.offset_ms
