"""Scan the original before rendering: the largest size of the screen, and whether it is ever shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.core.desktop.guac import WholeInstructions
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.opcodes import Opcode
from workers.desktop.display.screen_size import ScreenSize, screen_size


@dataclass
class Prescan:
    """`width` and `height` are those of the smallest canvas that holds the screen at every sync, in pixels.

    `refused` is a size at a sync that is too large to be rendered, if there was one.
    """

    width: int = 0
    height: int = 0
    source_bytes: int = 0
    sync_count: int = 0
    refused: ScreenSize | None = None
    damage: str | None = None
    """Why reading ended before the original did."""


def prescan(chunks: Iterable[bytes]) -> Prescan:
    """Scan the original, up to where it stops being valid protocol."""
    found = Prescan()
    drawn = asked = ScreenSize(0, 0)  # a refused size leaves the screen as it was
    cut = WholeInstructions(watched=(Opcode.SIZE, Opcode.SYNC))
    for chunk in chunks:
        found.source_bytes += len(chunk)
        if found.damage:
            continue
        try:
            cut.feed(chunk)
        except GuacProtocolError as error:
            found.damage = f"not the Guacamole protocol: {error}"
        for instruction in cut.seen:
            if instruction.opcode == Opcode.SIZE:
                asked = screen_size(instruction.args) or asked
                drawn = drawn if asked.is_too_large else asked
            else:
                _note_shown(found, drawn, asked)
    return found


def _note_shown(found: Prescan, drawn: ScreenSize, asked: ScreenSize) -> None:
    found.sync_count += 1
    found.width, found.height = max(found.width, drawn.width), max(found.height, drawn.height)
    if asked.is_too_large:
        found.refused = asked
