"""A drawing surface: the pixels of one layer or buffer, and its drawing state.

Follows guacamole-common-js's Layer, which draws what operators see: canvas sides are multiples of 64, and pixels
between the layer's edge and the canvas's are preserved. A resize clears the path, and resets the operator unless the
canvas is replaced.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from gateway.core.recording.geometry import EMPTY, Box
from workers.desktop.display.blending import (
    OPERATIONS,
    SOURCE_OVER,
    Operation,
    Pixels,
    blend,
    is_opaque,
    multiplied,
    straightened,
)
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.limits import MAX_PATH_BOXES
from workers.desktop.display.transfers import transferred

# guacamole-common-js, Layer: CANVAS_SIZE_FACTOR.
_CANVAS_STEP: Final = 64


def canvas_side(side: int) -> int:
    """Return the canvas side for a layer side, in pixels."""
    return -(-side // _CANVAS_STEP) * _CANVAS_STEP


class Surface:
    """Pixels with a size, an operator and a path. Drawing methods return the box they changed, in surface pixels."""

    def __init__(self, width: int = 0, height: int = 0) -> None:
        self.width = width
        self.height = height
        self.pixels: Pixels = np.zeros((canvas_side(height), canvas_side(width), 4), np.uint8)
        self._operation = SOURCE_OVER
        self._path: list[Box] = []
        self._path_closed = True

    @property
    def canvas(self) -> Box:
        """The whole canvas; the layer is its top left `width` x `height`."""
        return Box(0, 0, self.pixels.shape[1], self.pixels.shape[0])

    @property
    def pixel_count(self) -> int:
        """Number of pixels in memory."""
        return self.canvas.area

    def set_mask(self, mask: int) -> None:
        """Set the operator by channel mask; an unknown mask is ignored."""
        self._operation = OPERATIONS.get(mask, self._operation)

    def resize(self, width: int, height: int) -> None:
        """Resize the layer; the overlap of both sizes is preserved."""
        if (width, height) == (self.width, self.height):
            return
        shape = (canvas_side(height), canvas_side(width), 4)
        if shape == self.pixels.shape:
            self._operation = SOURCE_OVER
        else:
            kept_rows, kept_columns = min(height, self.height), min(width, self.width)
            pixels = np.zeros(shape, np.uint8)
            pixels[:kept_rows, :kept_columns] = self.pixels[:kept_rows, :kept_columns]
            self.pixels = pixels
        self.width, self.height = width, height
        self._path.clear()

    def reset(self) -> None:
        """Restore the initial drawing state: no path, source over destination."""
        self._operation = SOURCE_OVER
        self._path.clear()
        self._path_closed = False

    def draw(self, image: Pixels, x: int, y: int) -> Box:
        """Draw an image with its top left corner at (x, y)."""
        target = Box(x, y, image.shape[1], image.shape[0]).intersect(self.canvas)
        self._blend(self._operation, image[target.y - y : target.bottom - y, target.x - x : target.right - x], target)
        return self._changed(target)

    def copy(self, source: "Surface", part: Box, x: int, y: int) -> Box:
        """Draw `part` of a surface, possibly this one, at (x, y)."""
        inside = part.intersect(source.canvas)
        if not inside.area:
            return EMPTY
        image = source.view(inside)
        x, y = x + inside.x - part.x, y + inside.y - part.y
        if source is not self:
            return self.draw(image, x, y)
        if self._operation is SOURCE_OVER and is_opaque(image):
            return self._scroll(inside, x - inside.x, y - inside.y)
        return self.draw(image.copy(), x, y)

    def transfer(self, source: "Surface", part: Box, x: int, y: int, function: int) -> Box:
        """Combine `part` of a surface bit by bit with the pixels at (x, y)."""
        inside = part.intersect(source.canvas)
        x, y = x + inside.x - part.x, y + inside.y - part.y
        target = inside.moved(x - inside.x, y - inside.y).intersect(self.canvas)
        if not target.area:
            return EMPTY
        drawn = source.view(target.moved(inside.x - x, inside.y - y))
        there = self.view(target)
        there[...] = multiplied(transferred(function, straightened(drawn), straightened(there)))
        return target

    def add_box(self, box: Box) -> None:
        """Add a rectangle to the path."""
        if self._path_closed:
            self._path.clear()
            self._path_closed = False
        if len(self._path) >= MAX_PATH_BOXES:
            raise UnusableInstructionError("a path of too many parts")
        self._path.append(box)

    def fill(self, colour: tuple[int, int, int, int]) -> Box:
        """Fill the path with a colour (straight RGBA, 0..255 each)."""
        pixel = multiplied(np.array([[colour]], np.uint8))
        return self._fill(lambda box: np.broadcast_to(pixel, (box.height, box.width, 4)))

    def fill_tiled(self, source: "Surface") -> Box:
        """Fill the path with a surface's canvas, repeated from this surface's origin."""
        height, width = source.pixels.shape[:2]
        if not height or not width:
            raise UnusableInstructionError("a fill with an empty layer")
        tile = source.pixels.copy() if source is self else source.pixels
        return self._fill(
            lambda box: tile[np.ix_(np.arange(box.y, box.bottom) % height, np.arange(box.x, box.right) % width)]
        )

    def view(self, box: Box) -> Pixels:
        """Return a writable view of a box inside the canvas."""
        return self.pixels[box.y : box.bottom, box.x : box.right]

    def _fill(self, paint: "Paint") -> Box:
        self._path_closed = True
        boxes = [box for box in (part.intersect(self.canvas) for part in self._path) if box.area]
        around = EMPTY
        for box in boxes:
            around = around.union(box)
        if len(boxes) == 1:
            self._blend(self._operation, paint(around), around)
        elif boxes:
            self._blend_parts(boxes, around, paint(around))
        return self._changed(around)

    def _scroll(self, part: Box, dx: int, dy: int) -> Box:
        """Move opaque pixels within this surface.

        Copies strips that do not overlap their destination, in an order in which none is overwritten before it is
        copied. This takes half the time of an intermediate copy, and a terminal scrolls at every line.
        """
        target = part.moved(dx, dy).intersect(self.canvas)
        step = abs(dy) or max(target.height, 1)
        tops = range(target.y, target.bottom, step)
        for top in tops if dy <= 0 else reversed(tops):
            strip = Box(target.x, top, target.width, min(step, target.bottom - top))
            self.view(strip)[...] = self.view(strip.moved(-dx, -dy))
        return target

    def _blend_parts(self, boxes: list[Box], around: Box, painted: Pixels) -> None:
        """Fill overlapping parts once. Between and outside the parts the source is transparent."""
        inside = np.zeros((around.height, around.width), np.bool_)
        for box in boxes:
            inside[box.y - around.y : box.bottom - around.y, box.x - around.x : box.right - around.x] = True
        before = self.view(around).copy()
        self._blend(self._operation, painted, around)
        after = self.view(around)
        after[~inside] = 0 if self._operation.unbounded else before[~inside]

    def _blend(self, operation: Operation, image: Pixels, target: Box) -> None:
        if operation.unbounded and target != self.canvas:
            kept = self.view(target).copy()
            self.pixels[...] = 0
            self.view(target)[...] = kept
        if target.area:
            blend(operation, image, self.view(target))

    def _changed(self, target: Box) -> Box:
        return self.canvas if self._operation.unbounded else target


Paint = Callable[[Box], Pixels]
