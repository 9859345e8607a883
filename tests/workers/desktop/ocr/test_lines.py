import numpy as np
import pytest

from gateway.core.recording.geometry import Box
from tests.workers.desktop.ocr.drawing import BLACK, GREY, NAVY, SANS, WHITE, Colour, Screen
from workers.desktop.ocr.lines import cut, find_lines


@pytest.mark.parametrize("size", [9, 10, 12, 16, 28])
@pytest.mark.parametrize(("ink", "paper"), [(BLACK, WHITE), (GREY, BLACK), (WHITE, NAVY), ((200, 30, 30), WHITE)])
def test_one_line_of_any_size_and_colour_is_one_box(size: int, ink: Colour, paper: Colour) -> None:
    screen = Screen(background=paper).write(40, 60, "grep -n FATAL incident_log", size=size, colour=ink)

    (line,) = find_lines(screen.pixels())

    assert abs(line.x - 40) <= 3
    assert 60 <= line.y <= 60 + size
    assert line.height <= 1.5 * size


@pytest.mark.parametrize("size", [30, 36, 44, 52])
@pytest.mark.parametrize("text", ["Administrator", "Sign in options", "sudo rm -rf /srv", "Passwort: ABC-123"])
@pytest.mark.parametrize(("ink", "paper"), [(BLACK, WHITE), (WHITE, NAVY)])
def test_a_line_of_large_letters_is_one_box(size: int, text: str, ink: Colour, paper: Colour) -> None:
    screen = Screen(1400, 300, paper).write(40, 60, text, size=size, colour=ink)

    (line,) = find_lines(screen.pixels())

    assert abs(line.x - 40) <= size / 4
    assert line.width >= 0.9 * 0.6 * size * len(text)


@pytest.mark.parametrize("size", [60, 72, 90, 104, 120])
def test_a_line_of_very_large_letters_is_in_one_box(size: int) -> None:
    lines = find_lines(Screen(1400, 300).write(40, 60, "Administrator", size=size).pixels())

    widest = max(lines, key=lambda line: line.width)
    assert widest.width >= 0.9 * 0.6 * size * len("Administrator")
    assert all(line == widest or line.height < 0.5 * widest.height for line in lines)


def test_small_text_in_and_beside_large_shapes_stays() -> None:
    screen = Screen().write(20, 10, "Passwort", size=44)
    for column in range(4):
        button = Box(20 + 130 * column, 100, 110, 36)
        screen.frame(button, BLACK).write(button.x + 30, 110, f"Save {column}", size=14)
        screen.fill(Box(20 + 130 * column, 200, 34, 34), NAVY).write(64 + 130 * column, 208, f"No {column}", size=14)

    lines = find_lines(screen.pixels())

    small = [line for line in lines if line.height < 20]
    assert len([line for line in small if 105 < line.y < 130]) == 4
    assert len([line for line in small if 200 < line.y < 234 and line.width > 20]) == 4


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 40])
@pytest.mark.parametrize("height", [1, 2, 3, 4, 5, 40])
def test_a_screen_of_any_size_can_be_looked_at(width: int, height: int) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    for frame in (noise, np.zeros_like(noise)):
        assert all(line.right <= width + 4 and line.bottom <= height + 4 for line in find_lines(frame))


def test_dense_terminal_rows_stay_apart() -> None:
    screen = Screen(background=BLACK)
    for row in range(20):
        screen.write(4, 4 + row * 15, f"drwxr-xr-x (jpg|qy) {row:02d} /etc/passwd_[{row}]", size=12, colour=GREY)

    assert len(find_lines(screen.pixels())) == 20


def test_underscores_and_descenders_are_inside_the_box() -> None:
    line = find_lines(Screen().write(20, 20, "pg_query_id__", size=16).pixels())[0]
    whole = np.argwhere(Screen().write(20, 20, "pg_query_id__", size=16).pixels().min(axis=2) < 128)

    assert line.y <= whole[:, 0].min()
    assert line.bottom > whole[:, 0].max()
    assert line.x <= whole[:, 1].min()
    assert line.right > whole[:, 1].max()


def test_borders_part_the_cells_of_a_table() -> None:
    screen = Screen()
    for column, word in enumerate(("Protocol", "Source", "Port")):
        for row in range(3):
            box = Box(20 + column * 110, 20 + row * 33, 111, 34)
            screen.frame(box, GREY).write(box.x + 8, box.y + 8, word, font=SANS)

    lines = find_lines(screen.pixels())

    assert len(lines) == 9
    assert max(line.height for line in lines) < 20


def test_words_far_apart_are_lines_of_their_own() -> None:
    screen = Screen().write(20, 40, "Instances", font=SANS).write(400, 40, "Description", font=SANS)

    assert len(find_lines(screen.pixels())) == 2


def test_an_empty_screen_has_no_lines() -> None:
    assert find_lines(Screen().pixels()) == []


def test_a_screen_of_noise_ends_soon() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (720, 1280, 3), dtype=np.uint8)

    assert all(line.right <= 1281 and line.bottom <= 720 for line in find_lines(noise))


@pytest.mark.parametrize(("ink", "paper"), [(BLACK, WHITE), (WHITE, NAVY), ((220, 0, 0), BLACK)])
def test_a_cut_is_black_on_white_with_a_margin(ink: Colour, paper: Colour) -> None:
    frame = Screen(background=paper).write(40, 60, "Kestrel", size=18, colour=ink).pixels()

    image = cut(frame, find_lines(frame)[0])

    assert image.ndim == 2
    assert (image[0] == 255).all()
    assert (image[:, 0] == 255).all()
    assert image.min() < 30
    assert np.median(image) > 230
