"""The size of the screen: that of layer 0, as a `size` instruction requests it."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from workers.desktop.display.arguments import integers
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.limits import MAX_DISPLAY_PIXELS, MAX_SIDE

# Longer numbers are not worth reporting.
_PLAIN: Final = re.compile(r"[0-9]{1,10}\Z", re.ASCII)


class ScreenSize(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def is_too_large(self) -> bool:
        """Whether the screen is too large to be rendered."""
        return max(self) > MAX_SIDE or self.width * self.height > MAX_DISPLAY_PIXELS


LIMIT: Final = f"a side may have {MAX_SIDE} pixels and the screen {MAX_DISPLAY_PIXELS}"


def screen_size(args: Sequence[str]) -> ScreenSize | None:
    """Return the size a `size` with these arguments gives the screen; None if it is for another layer or invalid."""
    try:
        layer, *sides = integers(args, 3)
    except UnusableInstructionError:
        layer, *sides = _huge(args[:3])
    return ScreenSize(*sides) if layer == 0 and min(sides) >= 0 else None


def _huge(args: Sequence[str]) -> list[int]:
    """Parse plain numbers beyond the limit of coordinates: too large to draw, but reported."""
    plain = len(args) == 3 and all(_PLAIN.match(text) for text in args)  # noqa: PLR2004 - layer, width, height
    return [int(text) for text in args] if plain else [-1, -1, -1]
