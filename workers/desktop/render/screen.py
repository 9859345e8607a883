"""The renderer's picture: the screen on a canvas that fits the largest size the screen ever has."""

from collections.abc import Sequence

import numpy as np

from gateway.core.recording.geometry import Box
from workers.desktop.display import Pixels
from workers.desktop.display.pointer import PointerLook
from workers.desktop.render.changes import Tiles
from workers.desktop.render.video import Patch


class Canvas:
    """RGBA pixels with the screen in the top left corner. Sides are even: 4:2:0 video has a colour sample per 2x2."""

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.zeros((height + height % 2, width + width % 2, 4), np.uint8)
        self.size = (0, 0)

    @property
    def screen(self) -> Pixels:
        """The pixels of the screen."""
        return self.pixels[: self.size[1], : self.size[0]]

    @property
    def whole(self) -> Box:
        """The box of the screen."""
        return Box(0, 0, *self.size)

    @property
    def frame(self) -> Box:
        """The box of the canvas."""
        return Box(0, 0, self.pixels.shape[1], self.pixels.shape[0])

    def tiles(self) -> Tiles:
        """Return empty flags for a canvas of this size."""
        return Tiles(self.frame.width, self.frame.height)

    def show(self, screen: Pixels, boxes: Sequence[Box]) -> None:
        """Copy `boxes` of a screen, or all of it if its size has changed."""
        height, width = screen.shape[:2]
        if (width, height) != self.size:
            self.size = (width, height)
            self.pixels[...] = 0
            self.screen[...] = screen
            return
        for box in boxes:
            part = slice(box.y, box.bottom), slice(box.x, box.right)
            self.pixels[part] = screen[part]

    def patches(self, boxes: Sequence[Box], pointer: PointerLook) -> list[Patch]:
        """Return copies of `boxes` with the pointer drawn on them. Positions and sides of boxes must be even."""
        place = pointer.box.intersect(self.whole)
        under = self._view(place).copy()
        pointer.paint(self.screen)
        patches = [Patch(box, self._view(box).copy()) for box in boxes]
        self._view(place)[...] = under
        return patches

    def _view(self, box: Box) -> Pixels:
        return self.pixels[box.y : box.bottom, box.x : box.right]
