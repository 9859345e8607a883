"""The picture the renderer works from: the screen on a canvas as large as the screen ever is."""

from collections.abc import Sequence

import numpy as np

from gateway.core.recording.geometry import Box
from workers.display import Pixels


class Canvas:
    """RGBA pixels of even sides (4:2:0 video has a colour sample per 2x2), the screen in the top left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.zeros((height + height % 2, width + width % 2, 4), np.uint8)
        self.size = (0, 0)

    @property
    def screen(self) -> Pixels:
        """The part that shows the screen."""
        return self.pixels[: self.size[1], : self.size[0]]

    @property
    def whole(self) -> Box:
        """The screen as a box."""
        return Box(0, 0, *self.size)

    def show(self, screen: Pixels, boxes: Sequence[Box]) -> None:
        """Take over `boxes` of a screen, or all of it when its size is new."""
        height, width = screen.shape[:2]
        if (width, height) != self.size:
            self.size = (width, height)
            self.pixels[...] = 0
            boxes = (self.whole,)
        for box in boxes:
            part = slice(box.y, box.bottom), slice(box.x, box.right)
            self.pixels[part] = screen[part]
