"""The mouse pointer: its image (`cursor`) and its place (`mouse`)."""

import numpy as np

from gateway.core.recording.geometry import EMPTY, Box
from workers.display.blending import SOURCE_OVER, Pixels, blend


class Pointer:
    """What the pointer looks like and where it is. Not shown before the first `mouse`, as in the browser's player."""

    def __init__(self) -> None:
        self.image: Pixels = np.zeros((0, 0, 4), np.uint8)
        self.shown = False
        self.version = 0
        """Counts changes of image or place."""
        self._hotspot = (0, 0)
        self._at = (0, 0)

    def set_image(self, image: Pixels, hotspot_x: int, hotspot_y: int) -> None:
        """Take a new image (kept as it is) with its hot spot in its own pixels."""
        self.image = image
        self._hotspot = (hotspot_x, hotspot_y)
        self.version += 1

    def move(self, x: int, y: int) -> None:
        """Put the hot spot at (x, y) of the screen."""
        if (x, y) != self._at or not self.shown:
            self._at, self.shown = (x, y), True
            self.version += 1

    @property
    def box(self) -> Box:
        """The image's place on the screen, EMPTY while there is nothing to show."""
        if not self.shown:
            return EMPTY
        height, width = self.image.shape[:2]
        return Box(self._at[0] - self._hotspot[0], self._at[1] - self._hotspot[1], width, height)

    def paint(self, screen: Pixels) -> None:
        """Paint the pointer on a picture of the screen."""
        box = self.box
        inside = box.intersect(Box(0, 0, screen.shape[1], screen.shape[0]))
        if inside.area:
            image = self.image[inside.y - box.y : inside.bottom - box.y, inside.x - box.x : inside.right - box.x]
            blend(SOURCE_OVER, image, screen[inside.y : inside.bottom, inside.x : inside.right])
