"""Handlers of the drawing instructions: img, blob, end, png, jpeg, copy, transfer, rect, cfill, lfill, reset.

Each checks the arity, parses, resolves layers and acts (manual, "Drawing instructions").
"""

from gateway.core.recording.geometry import Box
from workers.desktop.display.arguments import integer, integers, need
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.images import decoded, from_base64
from workers.desktop.display.state import State
from workers.desktop.display.transfers import FUNCTIONS, NOTHING


def img(state: State, args: tuple[str, ...]) -> None:
    """img: stream, mask, layer, media type, x, y. The media type is ignored, as browsers do: the bytes decide."""
    need(args, 6)
    mask, index, x, y = integers((args[1], args[2], args[4], args[5]), 4)
    layer = state.layers.get(index)
    state.streams.open(args[0], index, x, y)
    layer.set_mask(mask)


def blob(state: State, args: tuple[str, ...]) -> None:
    """blob: stream, base64 data."""
    need(args, 2)
    state.streams.append(args[0], args[1])


def end(state: State, args: tuple[str, ...]) -> None:
    """end: stream. An image is drawn when its stream ends, with the operator the layer has at that time."""
    need(args, 1)
    stream = state.streams.close(args[0])
    if stream:
        _draw(state, stream.layer, stream.x, stream.y, bytes(stream.data))


def whole_image(state: State, args: tuple[str, ...]) -> None:
    """Both png and jpeg (before Guacamole 0.9.7): mask, layer, x, y, base64 data."""
    need(args, 5)
    mask, index, x, y = integers(args, 4)
    state.layers.get(index).set_mask(mask)
    _draw(state, index, x, y, from_base64(args[4]))


def copy(state: State, args: tuple[str, ...]) -> None:
    """copy: source layer, x, y, width, height, mask, destination layer, x, y."""
    source_index, sx, sy, width, height, mask, index, x, y = integers(args, 9)
    source, layer = state.layers.get(source_index), state.layers.get(index)
    part = _part(sx, sy, width, height)
    layer.set_mask(mask)
    drawn = _inside_source(part, source.canvas)
    if drawn.area:
        state.layers.fit(layer, Box(x, y, drawn.width, drawn.height))
        state.touch(layer, layer.copy(source, part, x, y))


def transfer(state: State, args: tuple[str, ...]) -> None:
    """transfer: source layer, x, y, width, height, function, destination layer, x, y."""
    source_index, sx, sy, width, height, function, index, x, y = integers(args, 9)
    if function not in FUNCTIONS:
        raise UnusableInstructionError("an unknown transfer function")
    source, layer = state.layers.get(source_index), state.layers.get(index)
    part = _part(sx, sy, width, height)
    drawn = _inside_source(part, source.canvas)
    if function != NOTHING and drawn.area:
        state.layers.fit(layer, Box(x, y, drawn.width, drawn.height))
        state.touch(layer, layer.transfer(source, part, x, y, function))


def rect(state: State, args: tuple[str, ...]) -> None:
    """rect: layer, x, y, width, height. Adds a rectangle to the layer's path."""
    index, x, y, width, height = integers(args, 5)
    layer = state.layers.get(index)
    box = Box(min(x, x + width), min(y, y + height), abs(width), abs(height))
    state.layers.fit(layer, Box(x, y, width, height))
    layer.add_box(box)


def cfill(state: State, args: tuple[str, ...]) -> None:
    """cfill: mask, layer, red, green, blue, alpha. Fills the layer's path."""
    mask, index, red, green, blue, alpha = integers(args, 6)
    layer = state.layers.get(index)
    layer.set_mask(mask)
    state.touch(layer, layer.fill((_byte(red), _byte(green), _byte(blue), _byte(alpha))))


def lfill(state: State, args: tuple[str, ...]) -> None:
    """lfill: mask, layer, source layer. Fills the layer's path with another layer, repeated."""
    mask, index, source_index = integers(args, 3)
    layer, source = state.layers.get(index), state.layers.get(source_index)
    layer.set_mask(mask)
    state.touch(layer, layer.fill_tiled(source))


def reset(state: State, args: tuple[str, ...]) -> None:
    """reset: layer. Clears path and operator."""
    need(args, 1)
    state.layers.get(integer(args[0])).reset()


def _draw(state: State, index: int, x: int, y: int, data: bytes) -> None:
    image = state.images.get(data)
    if image is None:
        image = decoded(data)
    layer = state.layers.get(index)
    state.layers.fit(layer, Box(x, y, image.shape[1], image.shape[0]))
    state.touch(layer, layer.draw(image, x, y))


def _part(x: int, y: int, width: int, height: int) -> Box:
    if width < 0 or height < 0:
        raise UnusableInstructionError("a part of negative size")
    return Box(x, y, width, height)


def _inside_source(part: Box, canvas: Box) -> Box:
    """Clip the part to the source's right and bottom edge; buffers grow to hold this (guacamole-common-js, copy)."""
    width, height = min(part.width, canvas.width - part.x), min(part.height, canvas.height - part.y)
    return Box(part.x, part.y, width, height)


def _byte(value: int) -> int:
    return min(max(value, 0), 255)
