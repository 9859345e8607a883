"""The place of a span as a value, and when two places are the same."""

import json

import pytest

from gateway.core.recording.geometry import Box
from gateway.core.recording.place import is_same_place, place_as_dict, place_from_dict, top_to_bottom, word_place


def test_a_place_is_a_json_value_that_names_its_kind() -> None:
    box = Box(10, 20, 220, 12)
    assert place_as_dict(box) == {"kind": "box", "x": 10, "y": 20, "width": 220, "height": 12}
    assert place_from_dict(json.loads(json.dumps(place_as_dict(box)))) == box


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "cell", "x": 1, "y": 1, "width": 1, "height": 1},
        {"x": 1, "y": 1, "width": 1, "height": 1},
        {"kind": "box", "x": 1},
        {"kind": "box", "x": "left", "y": 1, "width": 1, "height": 1},
        {"kind": ["box"], "x": None, "y": 1, "width": 1, "height": 1},
    ],
)
def test_a_value_of_another_shape_is_refused(row: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        place_from_dict(row)


def test_a_word_is_placed_by_numbers_alone() -> None:
    assert word_place(Box(0, 0, 9, 9), [1, 2, 3, 4]) == Box(1, 2, 3, 4)
    with pytest.raises(TypeError):
        word_place(Box(0, 0, 9, 9), [1, 2, 3])


def test_places_are_read_line_by_line_and_text_without_one_first() -> None:
    places = [Box(5, 20, 9, 9), Box(0, 20, 9, 9), Box(90, 1, 9, 9), None]
    assert sorted(places, key=top_to_bottom) == [None, Box(90, 1, 9, 9), Box(0, 20, 9, 9), Box(5, 20, 9, 9)]


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (Box(0, 0, 100, 10), True),
        (Box(0, 0, 130, 10), True),
        (Box(0, 5, 100, 10), True),  # half of it
        (Box(0, 6, 100, 10), False),
        (Box(40, 0, 20, 10), True),  # inside
        (Box(100, 0, 100, 10), False),  # beside it
        (Box(0, 0, 0, 0), False),
        (None, False),
    ],
)
def test_two_places_are_the_same_if_half_of_the_smaller_is_shared(other: Box | None, is_same: bool) -> None:
    one = Box(0, 0, 100, 10)
    assert is_same_place(one, other) is is_same
    assert is_same_place(other, one) is is_same


def test_text_without_a_place_is_nowhere_the_same() -> None:
    assert not is_same_place(None, None)
