import numpy as np

from workers.desktop.ocr.engine import ReadLine
from workers.desktop.ocr.glyphs import glyph_groups
from workers.desktop.ocr.lines import Image
from workers.desktop.ocr.spelling import Spelling

_PITCH, _HEIGHT = 9, 14


def monospaced(text: str) -> Image:
    """A line of made-up letters: every character has its own picture, in cells of 9 pixels."""
    image = np.full((_HEIGHT + 8, (len(text) + 2) * _PITCH), 255, np.uint8)
    for at, character in enumerate(text, start=1):
        if character != " ":
            picture = np.random.default_rng(ord(character)).integers(0, 2, (_HEIGHT, _PITCH - 3)).astype(np.uint8) * 255
            picture[-1] = picture[:, 0] = 0
            image[4:-4, at * _PITCH + 1 : (at + 1) * _PITCH - 2] = picture
    return image


def taught(*texts: str) -> Spelling:
    spelling = Spelling()
    for text in texts:
        spelling.learn(monospaced(text), ReadLine(text, 0.9))
    return spelling


def test_letters_are_parted_into_words() -> None:
    groups = glyph_groups(monospaced("stop the api"), ["stop", "the", "api"])

    assert [len(group.glyphs) for group in groups] == [4, 3, 3]
    assert groups[0].glyphs[1] == groups[1].glyphs[0]


def test_a_letter_known_from_other_lines_is_put_right() -> None:
    spelling = taught("restart nine", "sites trend", "art inert", "reading")

    line = spelling.correct(monospaced("retire now"), ReadLine("refire now", 0.8))

    assert line.text == "retire now"
    assert line.alternatives == ("refire now",)


def test_a_dropped_letter_is_found_again() -> None:
    spelling = taught("a-b-c d-e", "ab cd -e", "aec bdb", "cad eab-", "e-d cb")

    assert spelling.correct(monospaced("--abc -d"), ReadLine("-abc -d", 0.8)).text == "--abc -d"


def test_a_zero_unlike_the_other_zeros_is_an_o() -> None:
    line = Spelling().correct(monospaced("10002,Ostrava 00"), ReadLine("10002,0strava 00", 0.9))

    assert line.text == "10002,Ostrava 00"


def test_nothing_is_changed_without_evidence() -> None:
    read = ReadLine("whatever was read", 0.9)

    assert Spelling().correct(monospaced("something quite else"), read)._replace(words=()) == read
    assert Spelling().correct(np.full((20, 60), 255, np.uint8), ReadLine("", 0.0)) == ReadLine("", 0.0)


def test_one_wrong_reading_does_not_outvote_the_others() -> None:
    spelling = taught("tab net", "ten bat", "beat ant")
    spelling.learn(monospaced("neat tan"), ReadLine("neaf fan", 0.9))

    assert spelling.correct(monospaced("bent"), ReadLine("benf", 0.9)).text in {"bent", "benf"}
    assert spelling.correct(monospaced("at bean tent"), ReadLine("at bean tent", 0.9)).text == "at bean tent"
