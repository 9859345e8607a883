"""Where two pictures of the screen differ."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.core.recording.geometry import Box, covering
from workers.display import Pixels

# Changes are looked for in tiles of this side: a character's height, so that lines of text stay apart.
_TILE: Final = 16
MAX_BOXES: Final = 16


def changed_boxes(before: Pixels, after: Pixels, within: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes in which two RGBA pictures of one size differ, looked for inside `within` only; at most 16.

    Each box is tight around what changed; changes that touch (in tiles of 16 pixels) share one.
    """
    found = [box for part in within for box in _changed_in(before, after, part)]
    return covering(found, MAX_BOXES)


def _changed_in(before: Pixels, after: Pixels, part: Box) -> list[Box]:
    rows, columns = slice(part.y, part.bottom), slice(part.x, part.right)
    differs = _packed(before)[rows, columns] != _packed(after)[rows, columns]
    if not differs.any():
        return []
    if part.width <= 2 * _TILE and part.height <= 2 * _TILE:
        return [_tight(differs, Box(0, 0, part.width, part.height)).moved(part.x, part.y)]
    return [_tight(differs, box).moved(part.x, part.y) for box in _clusters(differs)]


def _packed(pixels: Pixels) -> NDArray[np.uint32]:
    """RGBA as one number a pixel: comparing two 1280x800 screens takes 0.5 ms instead of 37."""
    return pixels.view(np.uint32)[..., 0]


def _clusters(differs: NDArray[np.bool_]) -> list[Box]:
    """Boxes around connected groups of tiles in which something differs."""
    height, width = differs.shape
    down, across = -(-height // _TILE), -(-width // _TILE)
    padded = np.zeros((down * _TILE, across * _TILE), np.bool_)
    padded[:height, :width] = differs
    # Eight flags read as one number: 0.4 ms a 1280x800 screen instead of 2.5.
    columns = padded.view(np.uint64).reshape(down, _TILE, across, _TILE // 8)
    tiles = (np.bitwise_or.reduce(columns, axis=1).any(axis=-1)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(tiles, connectivity=8)
    frame = Box(0, 0, width, height)
    return [Box(*(int(value) * _TILE for value in row[:4])).intersect(frame) for row in stats[1:]]


def _tight(differs: NDArray[np.bool_], box: Box) -> Box:
    part = differs[box.y : box.bottom, box.x : box.right]
    ys, xs = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    x, y = int(xs[0]), int(ys[0])
    return Box(box.x + x, box.y + y, int(xs[-1]) - x + 1, int(ys[-1]) - y + 1)
