"""Rectangles on a session's display, in pixels.

Used by the renderer (what was drawn), keyframes (what changed) and text (where a span was).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle: `x`, `y` of its top left corner, `width` and `height`; empty if either is not positive."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column to the right of the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below the rectangle."""
        return self.y + self.height

    @property
    def area(self) -> int:
        """Number of pixels inside; 0 for an empty rectangle."""
        return max(self.width, 0) * max(self.height, 0)

    def intersect(self, other: "Box") -> "Box":
        """Return the intersection; `Box(0, 0, 0, 0)` if there is none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        width, height = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Box(x, y, width, height) if width > 0 and height > 0 else EMPTY

    def union(self, other: "Box") -> "Box":
        """Return the smallest rectangle around both; an empty one adds nothing."""
        if not self.area:
            return other if other.area else EMPTY
        if not other.area:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def contains(self, other: "Box") -> bool:
        """Whether `other` is entirely inside."""
        return self.x <= other.x and self.y <= other.y and self.right >= other.right and self.bottom >= other.bottom

    def moved(self, dx: int, dy: int) -> "Box":
        """Return the same rectangle at another position."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)


EMPTY = Box(0, 0, 0, 0)


def covering(boxes: Iterable[Box], limit: int) -> tuple[Box, ...]:
    """Return at most `limit` rectangles that cover all of `boxes`, in an order that depends only on the input.

    Two rectangles are merged if that adds no area (they overlap or share an edge). Beyond the limit the newest is
    merged with the one it enlarges least, so n rectangles cost at most n * limit steps.
    """
    kept: list[Box] = []
    for new in boxes:
        if new.area:
            _put(kept, new, limit)
    return tuple(kept)


def _put(kept: list[Box], new: Box, limit: int) -> None:
    while kept:
        costs = _costs(kept, new)
        cost = min(costs)
        if cost > 0 and len(kept) < limit:
            break
        new = kept.pop(costs.index(cost)).union(new)
    kept.append(new)


def _costs(kept: Sequence[Box], new: Box) -> list[int]:
    """Return by how many pixels the union of `new` with each of `kept` (none empty) is larger than the two.

    Written out because every drawn box passes here: with `union` and `area` it dominated the renderer's profile.
    """
    x, y, width, height = new
    right, bottom, area = x + width, y + height, width * height
    return [
        (max(left + across, right) - min(left, x)) * (max(top + down, bottom) - min(top, y)) - across * down - area
        for left, top, across, down in kept
    ]
