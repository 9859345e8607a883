"""The display: apply instructions one by one, and read the screen at each `sync`."""

from collections import Counter
from typing import Final

import numpy as np

from gateway.core.desktop.guac import Instruction
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.recording.geometry import Box
from workers.desktop.display import arranging, drawing
from workers.desktop.display.ahead import Images
from workers.desktop.display.blending import Pixels
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.limits import MAX_SKIPPED_NAMES
from workers.desktop.display.pointer import Pointer
from workers.desktop.display.screen_size import ScreenSize
from workers.desktop.display.state import Handler, State

HANDLERS: Final[dict[str, Handler]] = {
    Opcode.BLOB: drawing.blob,
    Opcode.CFILL: drawing.cfill,
    Opcode.COPY: drawing.copy,
    Opcode.CURSOR: arranging.cursor,
    Opcode.DISPOSE: arranging.dispose,
    Opcode.END: drawing.end,
    Opcode.IMG: drawing.img,
    Opcode.JPEG: drawing.whole_image,
    Opcode.LFILL: drawing.lfill,
    Opcode.MOUSE: arranging.mouse,
    Opcode.MOVE: arranging.move,
    Opcode.PNG: drawing.whole_image,
    Opcode.RECT: drawing.rect,
    Opcode.RESET: drawing.reset,
    Opcode.SHADE: arranging.shade,
    Opcode.SIZE: arranging.size,
    Opcode.TRANSFER: drawing.transfer,
}

NOT_DRAWN: Final = frozenset(
    {
        # Control and handshake
        *(Opcode.INTERNAL, Opcode.SELECT, Opcode.ARGS, Opcode.IMAGE, Opcode.TIMEZONE, Opcode.NAME, Opcode.CONNECT),
        *(Opcode.READY, Opcode.DISCONNECT, Opcode.ERROR, Opcode.LOG, Opcode.MSG, Opcode.NOP, Opcode.REQUIRED),
        # Sound, text, files
        *(Opcode.ACK, Opcode.ARGV, Opcode.AUDIO, Opcode.CLIPBOARD, Opcode.FILE, Opcode.FILESYSTEM, Opcode.BODY),
        *(Opcode.GET, Opcode.PUT, Opcode.PIPE, Opcode.UNDEFINE),
        # The operator's input, and the end of a frame
        *(Opcode.KEY, Opcode.TOUCH, Opcode.SYNC),
    }
)
"""Opcodes that say nothing about the picture. Any other without a handler is counted as skipped."""
OTHER: Final = "other"


class Display:
    """Instructions in (`apply`), the screen out (`screen`, `take_touched`). No content of a stream makes it raise.

    The screen is a complete frame only at a `sync`; between syncs it may be half drawn.
    """

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()
        """How many instructions were not drawn, by opcode; names beyond the first 64 are counted as "other"."""
        self._state = State()
        self._composed: Pixels = np.zeros((0, 0, 4), np.uint8)
        self._was_flat = True

    @property
    def width(self) -> int:
        """Width of layer 0 in pixels; 0 until the stream gives it."""
        return self._state.layers.default.width

    @property
    def height(self) -> int:
        """Height of layer 0 in pixels; 0 until the stream gives it."""
        return self._state.layers.default.height

    @property
    def refused(self) -> ScreenSize | None:
        """The size the stream gives layer 0, if it is too large to draw: `screen` is not what the stream shows then."""
        return self._state.refused

    @property
    def pointer(self) -> Pointer:
        """The mouse pointer, which is not part of `screen`."""
        return self._state.pointer

    def foresee(self, images: Images) -> None:
        """Set the images that were decoded ahead for the next instructions; they replace the previous set."""
        self._state.images = images

    def apply(self, instruction: Instruction) -> None:
        """Draw one instruction, or count it as skipped."""
        handler = HANDLERS.get(instruction.opcode)
        if handler is None:
            if instruction.opcode not in NOT_DRAWN:
                self._skip(instruction.opcode)
            return
        try:
            handler(self._state, instruction.args)
        except UnusableInstructionError:
            self._skip(instruction.opcode)

    def take_touched(self) -> tuple[Box, ...]:
        """Return the boxes of the screen that were drawn on since the last call, even if they look as before."""
        touched = self._state.take_touched()
        if not self._state.layers.is_flat():
            self._compose(touched)
        elif not self._was_flat:
            self._composed = np.zeros((0, 0, 4), np.uint8)
        self._was_flat = self._state.layers.is_flat()
        return touched

    @property
    def screen(self) -> Pixels:
        """Return the screen without the pointer, as of the last `take_touched`: RGBA, (height, width, 4), read-only.

        Transparent parts are shown on black. The result is a view; the next `apply` may change it.
        """
        if self._was_flat:
            return self._state.layers.default.pixels[: self.height, : self.width]
        return self._composed

    def _compose(self, touched: tuple[Box, ...]) -> None:
        if self._was_flat or self._composed.shape[:2] != (self.height, self.width):
            self._composed = np.zeros((self.height, self.width, 4), np.uint8)
            touched = (Box(0, 0, self.width, self.height),)
        for box in touched:
            self._state.layers.compose(self._composed, box)

    def _skip(self, opcode: str) -> None:
        named = opcode in self.skipped or len(self.skipped) < MAX_SKIPPED_NAMES
        self.skipped[opcode[:32] if named else OTHER] += 1
