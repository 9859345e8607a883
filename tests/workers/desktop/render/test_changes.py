"""Changed boxes hold every changed pixel, touch nothing else than they must, and are few."""

import numpy as np
from hypothesis import given, settings, strategies as st

from gateway.core.recording.geometry import Box
from tests.workers.streams import noise
from workers.desktop.render.changes import MAX_BOXES, changed_boxes

SCREEN = Box(0, 0, 150, 90)
PLACES = st.lists(
    st.builds(Box, st.integers(0, 149), st.integers(0, 89), st.integers(1, 40), st.integers(1, 40)), max_size=12
)


@settings(max_examples=200, deadline=None)
@given(PLACES)
def test_every_changed_pixel_is_in_a_box(places: list[Box]) -> None:
    before = noise(150, 90)
    after = before.copy()
    for place in places:
        box = place.intersect(SCREEN)
        after[box.y : box.bottom, box.x : box.right, 0] ^= 1
    boxes = changed_boxes(before, after, [SCREEN])
    assert len(boxes) <= MAX_BOXES
    differs = (before != after).any(axis=2)
    for box in boxes:
        differs[box.y : box.bottom, box.x : box.right] = False
    assert not differs.any()
    assert bool(boxes) == bool((before != after).any())


def test_boxes_are_tight_and_far_changes_stay_apart() -> None:
    before = noise(150, 90)
    after = before.copy()
    after[5, 7], after[70:75, 100:140] = after[5, 7] ^ 1, after[70:75, 100:140] ^ 1
    assert set(changed_boxes(before, after, [SCREEN])) == {Box(7, 5, 1, 1), Box(100, 70, 40, 5)}


def test_only_the_tiles_of_the_given_part_are_looked_at() -> None:
    before = noise(150, 90)
    after = before ^ np.uint8(1)
    assert changed_boxes(before, after, [Box(20, 0, 10, 10)]) == (Box(16, 0, 16, 16),)
