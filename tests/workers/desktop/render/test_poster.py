"""Which pictures are worth showing for a recording."""

from pathlib import Path

import numpy as np
import pytest

from tests.workers.desktop.render.test_render import rendered
from tests.workers.streams import Stream
from workers.desktop.render.poster import is_blank

BLACK = (0, 0, 0, 255)
BLUE = (0, 0, 200, 255)


@pytest.mark.parametrize("colour", [BLACK, BLUE, (255, 255, 255, 255)])
def test_one_colour_with_a_pointer_on_it_is_blank(colour: tuple[int, int, int, int]) -> None:
    screen = np.full((720, 1280, 4), colour, np.uint8)
    assert is_blank(screen)
    screen[300:320, 600:612] = (200, 200, 200, 255)
    assert is_blank(screen)


def test_a_window_is_something_to_see() -> None:
    screen = np.full((720, 1280, 4), BLACK, np.uint8)
    screen[100:300, 200:500] = (200, 200, 200, 255)
    assert not is_blank(screen)


@pytest.mark.parametrize("shape", [(0, 0, 4), (1, 1, 4)])
def test_a_tiny_screen_is_blank(shape: tuple[int, int, int]) -> None:
    assert is_blank(np.zeros(shape, np.uint8))


def test_the_report_names_the_first_picture_with_something_on_it(tmp_path: Path) -> None:
    stream = Stream(320, 240).fill(0, (0, 0, 320, 240), BLACK).sync(4000)
    stream.fill(0, (0, 0, 4, 4), BLUE).sync(1000)
    stream.fill(0, (40, 40, 120, 80), BLUE).sync(3000)
    stream.fill(0, (0, 0, 320, 240), BLUE).sync()
    assert rendered(tmp_path, stream.data).poster_ms == 5000


def test_a_recording_of_a_blank_screen_has_no_poster(tmp_path: Path) -> None:
    stream = Stream(320, 240).fill(0, (0, 0, 320, 240), BLUE).sync(1000).sync()
    assert rendered(tmp_path, stream.data).poster_ms is None
