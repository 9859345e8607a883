"""A token bucket that limits how much a peer may do."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Budget:
    """A token bucket: `burst` at once, `per_second` in the long run. Times are seconds of any steady clock."""

    per_second: float
    burst: float
    _left: float = field(init=False)
    _at: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._left = self.burst

    def take(self, count: int, now: float) -> bool:
        """Spend `count` tokens. Returns False if there were not enough."""
        if self._at is not None:
            self._left = min(self.burst, self._left + (now - self._at) * self.per_second)
        self._at = now
        self._left -= count
        return self._left >= 0
