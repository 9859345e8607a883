"""Stretches of a session in which the screen was larger than can be rendered: what the film shows then is not the screen."""

from typing import Final

from workers.desktop.display.screen_size import ScreenSize
from workers.desktop.render.report import Unrendered

# A hostile stream may change its size at every frame; the last stretch then stands for all that follow.
MAX_STRETCHES: Final = 1000


class UnrenderedStretches:
    """Collects them, from what size was refused at each sync (None: none was)."""

    def __init__(self) -> None:
        self.stretches: list[Unrendered] = []
        self._refused: ScreenSize | None = None
        self._since_ms = 0

    def show(self, refused: ScreenSize | None, at_ms: int) -> None:
        """Take what was refused at a sync; syncs come in order."""
        if refused == self._refused or len(self.stretches) >= MAX_STRETCHES - 1:
            return
        self._end(at_ms)
        self._refused, self._since_ms = refused, at_ms

    def finish(self, end_ms: int) -> None:
        """End the last stretch with the session."""
        if len(self.stretches) >= MAX_STRETCHES - 1 and self._refused is None:
            last = self.stretches[-1]
            self._refused, self._since_ms = ScreenSize(last.width, last.height), last.end_ms
        self._end(end_ms)

    def _end(self, at_ms: int) -> None:
        if self._refused is not None and at_ms > self._since_ms:
            self.stretches.append(Unrendered(self._since_ms, at_ms, *self._refused))
