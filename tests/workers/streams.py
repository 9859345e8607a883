"""Writes Guacamole streams for tests, as guacd would."""

import base64
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.core.desktop.guac import NEED_DATA, GuacParser, Instruction, encode
from workers.desktop.display import Display

Image = NDArray[np.uint8]


class Stream:
    """Appends instructions; `data` is the stream so far."""

    def __init__(self, width: int = 0, height: int = 0) -> None:
        self.data = b""
        self._clock = 1000
        if width:
            self.add("size", 0, width, height)

    def add(self, opcode: str, *args: str | int) -> Self:
        self.data += encode(opcode, *args)
        return self

    def img(self, layer: int, image: bytes, x: int = 0, y: int = 0, *, mask: int = 14, kind: str = "png") -> Self:
        self.add("img", 5, mask, layer, f"image/{kind}", x, y)
        for at in range(0, len(image), 6048):
            self.add("blob", 5, base64.b64encode(image[at : at + 6048]).decode())
        return self.add("end", 5)

    def fill(self, layer: int, box: tuple[int, int, int, int], colour: tuple[int, ...], *, mask: int = 14) -> Self:
        return self.add("rect", layer, *box).add("cfill", mask, layer, *colour)

    def sync(self, step_ms: int = 100) -> Self:
        self.add("sync", self._clock)
        self._clock += step_ms
        return self


def png(rgba: Image) -> bytes:
    """A PNG of RGBA (or RGB) pixels."""
    code = cv2.COLOR_RGBA2BGRA if rgba.shape[2] == 4 else cv2.COLOR_RGB2BGR
    return bytes(cv2.imencode(".png", cv2.cvtColor(rgba, code))[1])


def solid(width: int, height: int, *colour: int) -> Image:
    return np.full((height, width, len(colour)), colour, np.uint8)


def noise(width: int, height: int, *, seed: int = 1, alpha: bool = False) -> Image:
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    if not alpha:
        image[..., 3] = 255
    return image


def instructions(data: bytes) -> list[Instruction]:
    """The stream as values."""
    parser = GuacParser()
    parser.feed(data)
    found = []
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        found.append(instruction)
    return found


def shown(stream: Stream | bytes) -> tuple[Display, Image]:
    """The display after the whole stream, and its screen as RGB."""
    display = Display()
    for instruction in instructions(stream.data if isinstance(stream, Stream) else stream):
        display.apply(instruction)
    display.take_touched()
    return display, display.screen[..., :3].copy()
