"""Where a piece of text stands in a recording: one JSON value that names its kind.

Files of spans, rows, API answers and lists of hits all use it. Text that is known exactly and was never shown (typed,
copied, the name of a file) has no place: None.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from gateway.core.recording.geometry import Box


class PlaceKind(StrEnum):
    """box: a rectangle in pixels of the video."""

    BOX = "box"


# A kind of recording without pixels adds its own type here: a row and a column, or the number of a statement.
Place = Box

# A line that is read again may be a little wider; another line in its place, or the one below, shares far less.
_SAME_SHARE: Final = 0.5


def place_as_dict(place: Place) -> dict[str, Any]:
    """Return the JSON value."""
    return {"kind": PlaceKind.BOX.value, **place._asdict()}


def place_from_dict(row: Mapping[str, Any]) -> Place:
    """Parse the result of `place_as_dict`. Raises ValueError, KeyError or TypeError."""
    PlaceKind(row["kind"])
    return Box(int(row["x"]), int(row["y"]), int(row["width"]), int(row["height"]))


def word_place(line: Place, numbers: Iterable[int]) -> Place:
    """Return the place of a word of a line from its numbers alone: it is of the same kind, and named once."""
    return type(line)._make(map(int, numbers))


def top_to_bottom(place: Place | None) -> tuple[int, int]:
    """Return the sort key that puts the places of one moment in the order in which they are read."""
    return (0, 0) if place is None else (place.y, place.x)


def is_same_place(one: Place | None, other: Place | None) -> bool:
    """Whether two readings are probably of the same line: at least half of the smaller place is in the other."""
    if one is None or other is None:
        return False
    shared = one.intersect(other).area
    return shared > 0 and shared >= min(one.area, other.area) * _SAME_SHARE
