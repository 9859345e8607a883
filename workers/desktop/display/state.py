"""What the handlers of the drawing instructions work on."""

from collections.abc import Callable

from gateway.core.recording.geometry import Box, covering
from workers.desktop.display.ahead import Images
from workers.desktop.display.layers import Layer, Layers
from workers.desktop.display.pointer import Pointer
from workers.desktop.display.screen_size import ScreenSize
from workers.desktop.display.streams import ImageStreams

# Boxes are joined when this many are gathered: guacd sends up to a few hundred images a frame.
_GATHERED = 64
_KEPT = 16


class State:
    """Layers, streams and pointer, and which part of the screen the instructions since the last frame touched."""

    def __init__(self) -> None:
        self.layers = Layers()
        self.streams = ImageStreams()
        self.pointer = Pointer()
        self.images: Images = {}  # decoded ahead, by the encoded ones
        self.refused: ScreenSize | None = None  # the size the screen has and cannot be given
        self._touched: list[Box] = []

    def note_screen_size(self, size: ScreenSize | None) -> None:
        """Note what size a `size` gives the screen; None when it says nothing of it."""
        if size is not None:
            self.refused = size if size.is_too_large else None

    def touch(self, layer: Layer, box: Box) -> None:
        """Note that `box` of a layer's pixels was drawn on."""
        seen = self.layers.place(layer, box) if box.area and not layer.is_buffer else box
        if seen.area and not layer.is_buffer:
            self._touched.append(seen)
            if len(self._touched) > _GATHERED:
                self._touched[:] = covering(self._touched, _KEPT)

    def touch_all(self) -> None:
        """Note that anything may look different: layers were moved, shaded or resized."""
        screen = self.layers.default
        self._touched[:] = [Box(0, 0, screen.width, screen.height)]

    def take_touched(self) -> tuple[Box, ...]:
        """What was touched since the last call, inside the screen, in at most 16 boxes."""
        screen = Box(0, 0, self.layers.default.width, self.layers.default.height)
        boxes = tuple(box for box in (part.intersect(screen) for part in self._touched) if box.area)
        self._touched.clear()
        return boxes if len(boxes) <= _KEPT else covering(boxes, _KEPT)


Handler = Callable[[State, tuple[str, ...]], None]
"""Draws one instruction from its arguments, or raises UnusableInstructionError before it changed anything."""
