"""Which of the screen's states become frames of the video and which become keyframes.

A state is decided upon when the next one begins, since only then is it known how long it lasted.
"""

from typing import Final

# At most 10 frames a second: a frame costs 2 ms of x264 at 1280x800 whatever changed, most of a busy rendering (docs/render.md).
# Not fewer: what draws every 100 ms (typing, progress bars) would lose every other state, 5 a second (110 ms: 131 for 160 frames).
# States that follow faster are in the original, and those that stay come a moment later.
FRAME_INTERVAL_MS: Final = 100
# What the last picture lasts when the stream ends with it: long enough for a player to show it.
LAST_FRAME_MS: Final = 40
# A state that lasted this long has settled: typing pauses and pages are between, scrolling and drawing are below.
SETTLED_MS: Final = 200
# While the screen keeps changing, a keyframe at least this often. Text visible for 500 ms or longer is then in one: if
# no state that begins while it is visible were kept, the last of them would end less than 400 ms after a keyframe that
# is older than the text, or have lasted less than 200 ms itself.
KEYFRAME_INTERVAL_MS: Final = 400


class Pacing:
    """Remembers when the last frame and the last keyframe were taken; times in milliseconds of the session."""

    def __init__(self) -> None:
        self._frame_ms: int | None = None
        self._keyframe_ms: int | None = None

    def wants_frame(self, start_ms: int, end_ms: int) -> bool:
        """Whether the state from `start_ms` to `end_ms` is to be a frame of the video; if so it is taken as done."""
        if end_ms <= start_ms:
            return False
        last = self._frame_ms
        if last is None or end_ms - start_ms >= FRAME_INTERVAL_MS or start_ms - last >= FRAME_INTERVAL_MS:
            self._frame_ms = start_ms
            return True
        return False

    def wants_keyframe(self, start_ms: int, end_ms: int) -> bool:
        """Whether the state is to be a keyframe, if it differs from the one before."""
        last = self._keyframe_ms
        return last is None or end_ms - start_ms >= SETTLED_MS or end_ms - last >= KEYFRAME_INTERVAL_MS

    def took_keyframe(self, start_ms: int) -> None:
        """Note that the state that began at `start_ms` became a keyframe."""
        self._keyframe_ms = start_ms
