"""Find the stretches of a session in which the screen was too large to render, so that the video does not show it."""

from typing import Final

from workers.desktop.display.screen_size import ScreenSize
from workers.desktop.render.report import Unrendered

# A hostile stream may change its size at every frame; beyond this number the last stretch covers all that follow.
MAX_STRETCHES: Final = 1000


class UnrenderedStretches:
    """Collect the stretches from the size refused at each sync (None: no size was refused)."""

    def __init__(self) -> None:
        self.stretches: list[Unrendered] = []
        self._refused: ScreenSize | None = None
        self._since_ms = 0

    def show(self, refused: ScreenSize | None, at_ms: int) -> None:
        """Note the size refused at a sync; call it in order of time."""
        if refused == self._refused or len(self.stretches) >= MAX_STRETCHES - 1:
            return
        self._end(at_ms)
        self._refused, self._since_ms = refused, at_ms

    def finish(self, end_ms: int) -> None:
        """End the last stretch at the end of the session."""
        if len(self.stretches) >= MAX_STRETCHES - 1 and self._refused is None:
            last = self.stretches[-1]
            self._refused, self._since_ms = ScreenSize(last.width, last.height), last.end_ms
        self._end(end_ms)

    def _end(self, at_ms: int) -> None:
        if self._refused is not None and at_ms > self._since_ms:
            self.stretches.append(Unrendered(self._since_ms, at_ms, *self._refused))
