"""The 16 transfer functions: bitwise combinations of source and destination colours (manual, "transfer").

Numbers and effects are those of guacamole-common-js (Client.DefaultTransferFunction). The destination's alpha is
preserved, except that SRC and inverted SRC take the source's.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from workers.desktop.display.blending import Pixels

SOURCE: Final = 0x3
NOTHING: Final = 0x5
_INVERTED_SOURCE: Final = 0xC

_COLOURS: Final[dict[int, Callable[[Pixels, Pixels], Pixels]]] = {
    0x0: lambda _, dst: np.zeros_like(dst),
    0x1: lambda src, dst: src & dst,
    0x2: lambda src, dst: src & ~dst,
    0x3: lambda src, _: src,
    0x4: lambda src, dst: ~src & dst,
    0x6: lambda src, dst: src ^ dst,
    0x7: lambda src, dst: src | dst,
    0x8: lambda src, dst: ~(src | dst),
    0x9: lambda src, dst: ~(src ^ dst),
    0xA: lambda _, dst: ~dst,
    0xB: lambda src, dst: src | ~dst,
    0xC: lambda src, _: ~src,
    0xD: lambda src, dst: ~src | dst,
    0xE: lambda src, dst: ~(src & dst),
    0xF: lambda _, dst: np.full_like(dst, 255),
}

FUNCTIONS: Final = frozenset(_COLOURS) | {NOTHING}


def transferred(function: int, source: Pixels, destination: Pixels) -> Pixels:
    """Return the new destination pixels. Both arguments are straight (not premultiplied) RGBA of the same shape."""
    result = destination.copy()
    result[..., :3] = _COLOURS[function](source[..., :3], destination[..., :3])
    if function in {SOURCE, _INVERTED_SOURCE}:
        result[..., 3] = source[..., 3]
    return result
