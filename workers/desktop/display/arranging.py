"""Handlers of the instructions that arrange layers and pointer: size, move, shade, dispose, cursor, mouse.

Each checks the arity, parses, resolves layers and acts (manual, "Layer/display instructions").
"""

from gateway.core.recording.geometry import Box
from workers.desktop.display.arguments import integer, integers, need
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.layers import OPAQUE
from workers.desktop.display.limits import MAX_POINTER_SIDE
from workers.desktop.display.screen_size import screen_size
from workers.desktop.display.state import State
from workers.desktop.display.surface import Surface


def size(state: State, args: tuple[str, ...]) -> None:
    """size: layer, width, height."""
    state.note_screen_size(screen_size(args))
    index, width, height = integers(args, 3)
    layer = state.layers.get(index)
    state.layers.resize(layer, width, height)
    if not layer.is_buffer:
        state.touch_all()


def move(state: State, args: tuple[str, ...]) -> None:
    """move: layer, parent layer, x, y, z. Only visible layers above 0 can be moved."""
    index, parent, x, y, z = integers(args, 5)
    if index <= 0 or parent < 0:
        raise UnusableInstructionError("only visible layers can be moved")
    state.layers.move(state.layers.get(index), state.layers.get(parent), x, y, z)
    state.touch_all()


def shade(state: State, args: tuple[str, ...]) -> None:
    """shade: layer, opacity (0..255)."""
    index, alpha = integers(args, 2)
    if index < 0:
        raise UnusableInstructionError("a buffer has no opacity")
    state.layers.get(index).alpha = min(max(alpha, 0), OPAQUE)
    state.touch_all()


def dispose(state: State, args: tuple[str, ...]) -> None:
    """dispose: layer. Layer 0 stays."""
    need(args, 1)
    index = integer(args[0])
    state.layers.dispose(index)
    if index > 0:
        state.touch_all()


def cursor(state: State, args: tuple[str, ...]) -> None:
    """cursor: hot spot x, y, source layer, x, y, width, height."""
    hotspot_x, hotspot_y, index, x, y, width, height = integers(args, 7)
    if not (0 <= width <= MAX_POINTER_SIDE and 0 <= height <= MAX_POINTER_SIDE):
        raise UnusableInstructionError("a pointer of an impossible size")
    image = Surface(width, height)
    image.copy(state.layers.get(index), Box(x, y, width, height), 0, 0)
    state.pointer.set_image(image.view(Box(0, 0, width, height)), hotspot_x, hotspot_y)


def mouse(state: State, args: tuple[str, ...]) -> None:
    """mouse: x, y, then buttons and time, which do not affect the picture."""
    x, y = integers(args, 2)
    state.pointer.move(x, y)
