"""The state that the instruction handlers work on."""

from collections.abc import Callable

from gateway.core.recording.geometry import Box, covering
from workers.desktop.display.ahead import Images
from workers.desktop.display.layers import Layer, Layers
from workers.desktop.display.pointer import Pointer
from workers.desktop.display.screen_size import ScreenSize
from workers.desktop.display.streams import ImageStreams

# Boxes are joined once there are this many: guacd sends up to a few hundred images a frame.
_GATHERED = 64
_KEPT = 16


class State:
    """Layers, streams and pointer, and the parts of the screen that were touched since the last frame."""

    def __init__(self) -> None:
        self.layers = Layers()
        self.streams = ImageStreams()
        self.pointer = Pointer()
        self.images: Images = {}  # decoded ahead, by encoded image
        self.refused: ScreenSize | None = None  # the size the stream gives the screen, if it is too large
        self._touched: list[Box] = []

    def note_screen_size(self, size: ScreenSize | None) -> None:
        """Record the size that a `size` gives the screen; None: it was for another layer."""
        if size is not None:
            self.refused = size if size.is_too_large else None

    def touch(self, layer: Layer, box: Box) -> None:
        """Mark `box` of a layer's pixels as drawn on."""
        seen = self.layers.place(layer, box) if box.area and not layer.is_buffer else box
        if seen.area and not layer.is_buffer:
            self._touched.append(seen)
            if len(self._touched) > _GATHERED:
                self._touched[:] = covering(self._touched, _KEPT)

    def touch_all(self) -> None:
        """Mark the whole screen as changed, because layers were moved, shaded or resized."""
        screen = self.layers.default
        self._touched[:] = [Box(0, 0, screen.width, screen.height)]

    def take_touched(self) -> tuple[Box, ...]:
        """Return what was touched since the last call, clipped to the screen, in at most 16 boxes."""
        screen = Box(0, 0, self.layers.default.width, self.layers.default.height)
        boxes = tuple(box for box in (part.intersect(screen) for part in self._touched) if box.area)
        self._touched.clear()
        return boxes if len(boxes) <= _KEPT else covering(boxes, _KEPT)


Handler = Callable[[State, tuple[str, ...]], None]
"""Draws one instruction from its arguments, or raises UnusableInstructionError before it changed anything."""
