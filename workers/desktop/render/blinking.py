"""Tell a blinking text cursor from text: both are small changes, but a blink restores what was there before."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from gateway.core.recording.geometry import Box
from workers.desktop.display import Pixels
from workers.desktop.render.changes import TILE

# A block cursor of a large font is 20x40; a caret is a line.
_MAX_AREA: Final = 1024
# Area of the most tiles a box of that area can touch: 512 by 2 pixels lie in 33 by 2 tiles, 1024 by 1 in 65 by 1.
MAX_AROUND: Final = 66 * TILE * TILE
# The slowest common blink takes 1.2 s for both phases; what comes back later deserves a keyframe.
_REMEMBER_MS: Final = 3000
_REMEMBER_COUNT: Final = 64

Look = tuple[Box, bytes]
"""A place on the screen and its pixels."""


class Blinking:
    """Remember what small areas looked like a moment ago."""

    def __init__(self) -> None:
        self._seen: OrderedDict[Look, int] = OrderedDict()

    def is_blink(self, after: Pixels, boxes: Sequence[Box], at_ms: int) -> bool:
        """Whether the only change since the last keyframe is one small area that looks as it did a moment ago."""
        if len(boxes) != 1 or boxes[0].area > _MAX_AREA:
            return False
        key = _key(after, boxes[0])
        seen_ms = self._seen.get(key)
        if seen_ms is None or at_ms - seen_ms > _REMEMBER_MS:
            return False
        self._remember(key, at_ms)
        return True

    def took(self, before: Pixels, after: Pixels, boxes: Sequence[Box], at_ms: int) -> None:
        """Record how a keyframe's small change looked before and after."""
        if len(boxes) == 1 and boxes[0].area <= _MAX_AREA:
            self._remember(_key(before, boxes[0]), at_ms)
            self._remember(_key(after, boxes[0]), at_ms)

    def _remember(self, key: Look, at_ms: int) -> None:
        self._seen[key] = at_ms
        self._seen.move_to_end(key)
        if len(self._seen) > _REMEMBER_COUNT:
            self._seen.popitem(last=False)


def _key(pixels: Pixels, box: Box) -> Look:
    return box, pixels[box.y : box.bottom, box.x : box.right].tobytes()
