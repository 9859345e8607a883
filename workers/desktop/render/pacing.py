"""Decide which of the screen's states become video frames and which become keyframes.

A state is decided when the next one begins, because only then is its duration known.
"""

from typing import Final

# At most 10 frames a second: at 1280x800 x264 takes 2 ms a frame whatever changed, most of a busy rendering
# (docs/render.md). With fewer, anything that draws every 100 ms (typing, progress bars) would lose every other state
# (at 110 ms: 131 frames instead of 160). Faster states are in the original, and the one that stays follows a moment
# later.
FRAME_INTERVAL_MS: Final = 100
# Duration of the last picture if the stream ends with it: long enough for a player to show it.
LAST_FRAME_MS: Final = 40
# A state that lasted this long has settled: pages and pauses in typing last longer, scrolling and drawing less.
SETTLED_MS: Final = 200
# While the screen keeps changing, there is a keyframe at least this often, so text visible for 500 ms is in one: if no
# state that begins while it is visible became a keyframe, the last of them would end less than 400 ms after a keyframe
# older than the text, or would itself have lasted less than 200 ms.
KEYFRAME_INTERVAL_MS: Final = 400


class Pacing:
    """Decide by the times of the last frame and the last keyframe, in milliseconds of the session."""

    def __init__(self) -> None:
        self._frame_ms: int | None = None
        self._keyframe_ms: int | None = None

    def wants_frame(self, start_ms: int, end_ms: int) -> bool:
        """Whether the state from `start_ms` to `end_ms` becomes a video frame. If so, remember it as the last one."""
        if end_ms <= start_ms:
            return False
        last = self._frame_ms
        if last is None or end_ms - start_ms >= FRAME_INTERVAL_MS or start_ms - last >= FRAME_INTERVAL_MS:
            self._frame_ms = start_ms
            return True
        return False

    def wants_keyframe(self, start_ms: int, end_ms: int) -> bool:
        """Whether the state becomes a keyframe, provided that it differs from the previous one."""
        last = self._keyframe_ms
        return last is None or end_ms - start_ms >= SETTLED_MS or end_ms - last >= KEYFRAME_INTERVAL_MS

    def took_keyframe(self, start_ms: int) -> None:
        """Remember that the state beginning at `start_ms` became a keyframe."""
        self._keyframe_ms = start_ms
