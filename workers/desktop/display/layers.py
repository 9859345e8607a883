"""The layers and buffers of a display: 0 is the screen, layers above 0 lie on it, buffers below 0 are off-screen."""

from collections.abc import Iterator
from typing import Final

from gateway.core.recording.geometry import EMPTY, Box
from workers.desktop.display.blending import SOURCE_OVER, Pixels, blend, lay_over
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.limits import MAX_DEPTH, MAX_DISPLAY_PIXELS, MAX_LAYERS, MAX_SIDE, MAX_TOTAL_PIXELS
from workers.desktop.display.surface import Surface, canvas_side

OPAQUE: Final = 255


class Layer(Surface):
    """A surface with a position in its parent, an order among its siblings, and an opacity. A buffer has no parent."""

    def __init__(self, index: int, width: int = 0, height: int = 0) -> None:
        super().__init__(width, height)
        self.index = index
        self.x = 0
        self.y = 0
        self.z = 0
        self.alpha = OPAQUE
        self.parent: Layer | None = None
        self.children: list[Layer] = []
        """In the order they were put there, which decides between equal z."""

    @property
    def is_buffer(self) -> bool:
        """Whether this is a buffer: never visible, and grown to fit what is drawn on it."""
        return self.index < 0

    def attach(self, parent: "Layer | None") -> None:
        """Make the layer a child of another one, or of no layer."""
        if self.parent is parent:
            return
        if self.parent:
            self.parent.children.remove(self)
        if parent:
            parent.children.append(self)
        self.parent = parent

    def stacked(self) -> list["Layer"]:
        """Return the children from the lowest to the highest."""
        return sorted(self.children, key=lambda child: child.z)

    def ancestors(self) -> Iterator["Layer"]:
        """Yield the layer itself, its parent, and so on."""
        layer: Layer | None = self
        while layer:
            yield layer
            layer = layer.parent


class Layers:
    """The layers by index. They are created on first use, limited in number and memory."""

    def __init__(self) -> None:
        self.default = Layer(0)
        self._layers: dict[int, Layer] = {0: self.default}
        self._pixels = 0

    def __len__(self) -> int:
        return len(self._layers)

    def get(self, index: int) -> Layer:
        """Return the layer or buffer. A new layer has the display's size and origin; a new buffer is empty."""
        layer = self._layers.get(index)
        if layer is None:
            if len(self._layers) >= MAX_LAYERS:
                raise UnusableInstructionError("too many layers")
            layer = self._layers[index] = self._new(index)
        return layer

    def dispose(self, index: int) -> None:
        """Remove a layer or buffer. Layer 0 is never removed."""
        layer = self._layers.pop(index, None) if index else None
        if layer:
            layer.attach(None)
            self._pixels -= layer.pixel_count
            for child in tuple(layer.children):
                child.attach(None)

    def resize(self, layer: Layer, width: int, height: int) -> None:
        """Resize a layer. Raises UnusableInstructionError if the size or the memory it needs is beyond the limits."""
        added = canvas_side(width) * canvas_side(height) - layer.pixel_count
        if layer is self.default:
            added = 0  # memory taken by off-screen layers must not prevent the screen from being shown
        self._check(width, height, added)
        layer.resize(width, height)
        self._pixels += added

    def fit(self, layer: Layer, box: Box) -> None:
        """Grow a buffer to contain `box`; layers keep their size."""
        if layer.is_buffer:
            self.resize(layer, max(layer.width, box.right), max(layer.height, box.bottom))

    def move(self, layer: Layer, parent: Layer, x: int, y: int, z: int) -> None:
        """Put a layer on another one. Raises UnusableInstructionError if it would lie on itself or too deep."""
        chain = list(parent.ancestors())
        if layer in chain or len(chain) + _height(layer) > MAX_DEPTH:
            raise UnusableInstructionError("a layer cannot lie there")
        layer.attach(parent)
        layer.x, layer.y, layer.z = x, y, z

    def is_flat(self) -> bool:
        """Whether no other layer than 0 is visible."""
        return not self.default.children and self.default.alpha == OPAQUE

    def place(self, layer: Layer, box: Box) -> Box:
        """Return where a box of a layer's pixels is on the screen; EMPTY if it is not visible."""
        for step in layer.ancestors():
            box = box.intersect(Box(0, 0, step.width, step.height))
            if step is self.default:
                return box
            box = box.moved(step.x, step.y)
        return EMPTY

    def compose(self, screen: Pixels, box: Box) -> None:
        """Paint all visible layers inside `box` on `screen`, which has layer 0's size."""
        screen[box.y : box.bottom, box.x : box.right] = 0
        _paint(self.default, Box(0, 0, 0, 0), box, OPAQUE, screen)

    def _new(self, index: int) -> Layer:
        if index < 0:
            return Layer(index)
        size = self.default.width, self.default.height
        added = canvas_side(size[0]) * canvas_side(size[1])
        self._check(*size, added)
        self._pixels += added
        layer = Layer(index, *size)
        layer.attach(self.default)
        return layer

    def _check(self, width: int, height: int, added: int) -> None:
        if not (0 <= width <= MAX_SIDE and 0 <= height <= MAX_SIDE and width * height <= MAX_DISPLAY_PIXELS):
            raise UnusableInstructionError("a layer of an impossible size")
        if added > 0 and self._pixels + added > MAX_TOTAL_PIXELS:
            raise UnusableInstructionError("more layers than memory")


def _height(layer: Layer) -> int:
    return 1 + max((_height(child) for child in layer.children), default=0)


def _paint(layer: Layer, origin: Box, clip: Box, alpha: float, screen: Pixels) -> None:
    """Paint a layer with its top left corner at `origin`, and its children, inside `clip` (screen coordinates).

    Opacities are multiplied down the tree, as guacamole-common-js's `flatten` does.
    """
    clip = clip.intersect(Box(origin.x, origin.y, layer.width, layer.height))
    alpha *= layer.alpha / OPAQUE
    if not clip.area or not alpha:
        return
    drawn = layer.view(clip.moved(-origin.x, -origin.y))
    below = screen[clip.y : clip.bottom, clip.x : clip.right]
    if alpha == OPAQUE:
        blend(SOURCE_OVER, drawn, below)
    else:
        lay_over(drawn, round(alpha), below)
    for child in layer.stacked():
        _paint(child, origin.moved(child.x, child.y), clip, alpha, screen)
