"""The mouse pointer: its image (`cursor`) and its position (`mouse`)."""

from typing import NamedTuple

import numpy as np

from gateway.core.recording.geometry import EMPTY, Box
from workers.desktop.display.blending import SOURCE_OVER, Pixels, blend


class PointerLook(NamedTuple):
    """The pointer at one moment: its image and the box of the screen it covers (EMPTY while it is not shown)."""

    image: Pixels
    box: Box

    def paint(self, screen: Pixels) -> None:
        """Paint the pointer on a picture of the screen."""
        inside = self.box.intersect(Box(0, 0, screen.shape[1], screen.shape[0]))
        if inside.area:
            part = inside.moved(-self.box.x, -self.box.y)
            image = self.image[part.y : part.bottom, part.x : part.right]
            blend(SOURCE_OVER, image, screen[inside.y : inside.bottom, inside.x : inside.right])

    def looks_like(self, other: "PointerLook") -> bool:
        """Return True if both look the same on the screen."""
        return self.box == other.box and (self.image is other.image or np.array_equal(self.image, other.image))


class Pointer:
    """The pointer's image and position. It is hidden until the first `mouse`, as in the browser's player."""

    def __init__(self) -> None:
        self._image: Pixels = np.zeros((0, 0, 4), np.uint8)
        self._shown = False
        self._hotspot = (0, 0)
        self._at = (0, 0)

    def set_image(self, image: Pixels, hotspot_x: int, hotspot_y: int) -> None:
        """Set the image (referenced, never modified) and its hot spot in image pixels."""
        self._image = image
        self._hotspot = (hotspot_x, hotspot_y)

    def move(self, x: int, y: int) -> None:
        """Move the hot spot to (x, y) of the screen."""
        self._at, self._shown = (x, y), True

    @property
    def look(self) -> PointerLook:
        """Return the pointer's current look; later moves do not change it."""
        height, width = self._image.shape[:2]
        place = Box(self._at[0] - self._hotspot[0], self._at[1] - self._hotspot[1], width, height)
        return PointerLook(self._image, place if self._shown else EMPTY)
