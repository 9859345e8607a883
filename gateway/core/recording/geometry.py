"""Rectangles on a session's display, in pixels.

Used by the renderer (what was drawn), keyframes (what changed) and text (where a span was).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle: `x`, `y` of its top left corner, `width` and `height`; empty when one of the two is not positive."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column behind the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row behind the rectangle."""
        return self.y + self.height

    @property
    def area(self) -> int:
        """Pixels inside; 0 for an empty rectangle."""
        return max(self.width, 0) * max(self.height, 0)

    def intersect(self, other: "Box") -> "Box":
        """What lies in both; `Box(0, 0, 0, 0)` when nothing does."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        width, height = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Box(x, y, width, height) if width > 0 and height > 0 else EMPTY

    def union(self, other: "Box") -> "Box":
        """The smallest rectangle around both; an empty one adds nothing."""
        if not self.area:
            return other if other.area else EMPTY
        if not other.area:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def contains(self, other: "Box") -> bool:
        """True when `other` lies wholly inside."""
        return self.x <= other.x and self.y <= other.y and self.right >= other.right and self.bottom >= other.bottom

    def moved(self, dx: int, dy: int) -> "Box":
        """The same rectangle somewhere else."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)


EMPTY = Box(0, 0, 0, 0)


def covering(boxes: Iterable[Box], limit: int) -> tuple[Box, ...]:
    """At most `limit` rectangles that cover all of `boxes`, in an order that depends on the input alone.

    Two rectangles become one where that costs no more area than the two (they overlap or share an edge); past the limit
    the newest is joined with the one it enlarges least, so n rectangles cost at most n * limit steps.
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
    """By how many pixels the union of `new` with each of `kept` (none empty) is larger than the two.

    Written out because every box that is drawn comes here: with `union` and `area` it led the renderer's profile.
    """
    x, y, width, height = new
    right, bottom, area = x + width, y + height, width * height
    return [
        (max(left + across, right) - min(left, x)) * (max(top + down, bottom) - min(top, y)) - across * down - area
        for left, top, across, down in kept
    ]
