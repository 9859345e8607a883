import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytesseract
import pytest

from gateway.core.errors import InvalidInputError
from gateway.core.recording.engines import OcrEngine
from tests.workers.desktop.ocr.drawing import GREY, NAVY, SANS, Screen
from workers.desktop.ocr.engine import Engine, EngineError, ReadLine
from workers.desktop.ocr.engines import engine_names, load_engine
from workers.desktop.ocr.engines.paired_engine import PairedEngine, merge
from workers.desktop.ocr.lines import Image, cut, find_lines

_TEXTS = ("Accepted publickey for deploy", "account 4471-0926-1183", "Security groups")


@pytest.fixture(scope="module", params=engine_names())
def engine(request: pytest.FixtureRequest) -> Engine:
    return load_engine(request.param)


def _lines() -> list[Image]:
    screen = Screen(background=NAVY)
    screen.write(20, 20, _TEXTS[0], colour=GREY).write(20, 60, _TEXTS[1], colour=GREY, font=SANS, size=16)
    frame = screen.write(20, 100, _TEXTS[2], colour=GREY, font=SANS, size=13).pixels()
    return [cut(frame, line) for line in find_lines(frame)]


def test_drawn_lines_are_read_in_order(engine: Engine) -> None:
    found = engine.read(_lines())

    assert [line.text for line in found] == list(_TEXTS)
    assert all(0.5 < line.confidence <= 1 for line in found)


def test_words_stand_where_they_were_drawn(engine: Engine) -> None:
    image = _lines()[0]
    ink = np.flatnonzero((image < 128).any(axis=0))

    (line,) = engine.read([image])

    assert [word.text for word in line.words] == _TEXTS[0].split()
    assert line.words[0].x == pytest.approx(ink[0], abs=12)
    assert line.words[-1].x + line.words[-1].width == pytest.approx(ink[-1], abs=12)
    assert sorted(word.x for word in line.words) == [word.x for word in line.words]


def test_an_empty_image_has_no_text_and_no_batch_is_no_work(engine: Engine) -> None:
    assert engine.read([np.full((20, 80), 255, np.uint8)])[0].text == ""
    assert engine.read([]) == []


def test_an_engine_says_what_it_is(engine: Engine) -> None:
    assert engine.name in engine_names()
    assert any(character.isdigit() for character in engine.version)


def test_tesseract_gets_names_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Confined, the program cannot go there from the root: the folders above are closed to its account."""
    engine = load_engine(OcrEngine.PYTESSERACT)
    given: list[str] = []
    run = pytesseract.pytesseract.run_tesseract

    def spy(source: str, *arguments: object, **options: object) -> None:
        given.extend([source, *Path(source).read_text().split()])
        run(source, *arguments, **options)

    monkeypatch.setattr(pytesseract.pytesseract, "run_tesseract", spy)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", ".")
    assert engine.read(_lines()[:1])[0].text == _TEXTS[0]
    assert len(given) == 2
    assert not [name for name in given if Path(name).is_absolute()]
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_engine_and_a_missing_language_are_named() -> None:
    with pytest.raises(InvalidInputError, match="'best' is not one of auto, "):
        load_engine("best")
    with pytest.raises(EngineError, match="'xx' is not installed"):
        load_engine("tesserocr", "eng+xx")


def test_the_surer_of_two_readings_leads_and_the_other_is_kept() -> None:
    assert merge(ReadLine("snap-0f3c9", 0.8), ReadLine("snap-Of3c9", 0.9)) == ReadLine(
        "snap-Of3c9", 0.9, (), ("snap-0f3c9",)
    )
    assert merge(ReadLine("a b", 0.9), ReadLine("ab", 0.8)).alternatives == ()
    assert merge(ReadLine("", 0.0), ReadLine("", 0.0)).text == ""


def test_a_reading_that_lost_its_blanks_does_not_lead() -> None:
    apart, together = ReadLine("10.0.0.17 3389", 0.9), ReadLine("10.0.0.173389", 0.99)
    assert merge(apart, together) == ReadLine("10.0.0.17 3389", 0.99, (), ("10.0.0.173389",))
    assert merge(together, apart) == merge(apart, together)


def test_a_sure_reading_asks_for_no_second_opinion() -> None:
    class Fixed:
        version = "1"

        def __init__(self, name: str, *confidences: float) -> None:
            self.name = name
            self.confidences = confidences
            self.asked = 0

        def read(self, lines: Sequence[Image]) -> list[ReadLine]:
            self.asked += len(lines)
            return [ReadLine(self.name, confidence) for confidence, _ in zip(self.confidences, lines, strict=False)]

    second = Fixed("second", 0.9)
    paired = PairedEngine(Fixed("first", 0.99, 0.5), second)

    assert [line.text for line in paired.read(_lines()[:2])] == ["first", "second"]
    assert second.asked == 1


def test_the_gateway_knows_every_engine_by_name() -> None:
    assert set(OcrEngine) == {"auto", *engine_names()}
