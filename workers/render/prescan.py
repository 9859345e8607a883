"""A cheap look through the original before it is rendered: how large the screen is at its largest."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from workers.display.limits import MAX_DISPLAY_PIXELS, MAX_SIDE

# `size` of layer 0 as it stands on the wire; the longest is 30 bytes. Found in text it is not (a `log` line, say), it
# only makes the canvas larger.
_SIZE: Final = re.compile(rb"4\.size,1\.0,\d\.(\d{1,5}),\d\.(\d{1,5});")
_LONGEST: Final = 40


class Prescan(NamedTuple):
    """The smallest canvas that holds every size of the screen, and how long the original is."""

    width: int
    height: int
    source_bytes: int


def prescan(chunks: Iterable[bytes]) -> Prescan:
    """Look through the original. Sizes no display may have are left out, as the display skips them too."""
    width = height = total = 0
    tail = b""
    for chunk in chunks:
        total += len(chunk)
        text = tail + chunk
        for match in _SIZE.finditer(text):
            size = int(match[1]), int(match[2])
            if max(size) <= MAX_SIDE and size[0] * size[1] <= MAX_DISPLAY_PIXELS:
                width, height = max(width, size[0]), max(height, size[1])
        tail = text[-_LONGEST:]
    return Prescan(width, height, total)
