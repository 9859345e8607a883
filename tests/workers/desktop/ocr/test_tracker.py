"""The tracker with an engine that knows what it drew, so that only following is tested."""

from collections.abc import Sequence

import numpy as np
import pytest

from gateway.core.recording.geometry import Box
from gateway.core.recording.place import top_to_bottom
from gateway.renditions.keyframes import Frame
from gateway.renditions.spans import Span
from tests.workers.desktop.ocr.drawing import BLACK, Screen, keyframes
from workers.desktop.ocr.engine import ReadLine
from workers.desktop.ocr.engines import load_engine
from workers.desktop.ocr.lines import Image
from workers.desktop.ocr.tracker import Tracker


class CountingEngine:
    """Names a line by its pixels: equal pixels, equal text."""

    name = "counting"
    version = "1"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def read(self, lines: Sequence[Image]) -> list[ReadLine]:
        self.batches.append(len(lines))
        return [ReadLine(f"line{int((255 - line.astype(np.int64)).sum())}", 0.9) for line in lines]


def follow(frames: list[Frame], *, every_ms: int = 2000) -> tuple[list[Span], Tracker, CountingEngine]:
    engine = CountingEngine()
    tracker = Tracker(engine)
    spans = [span for pair in keyframes(frames, every_ms=every_ms) for span in tracker.advance(*pair)]
    return spans + list(tracker.finish(len(frames) * every_ms)), tracker, engine


def test_a_line_that_stays_is_read_once_and_is_one_span() -> None:
    still = Screen().write(20, 20, "Marta Lindqvist").pixels()

    spans, tracker, _ = follow([still, still, still])

    assert [(span.start_ms, span.end_ms, span.keyframe) for span in spans] == [(0, 6000, 0)]
    assert tracker.counts.lines_read == 1


def test_a_span_names_the_bytes_that_drew_it() -> None:
    empty, written = Screen().pixels(), Screen().write(20, 20, "svc_shadow").pixels()

    (span,), _, _ = follow([empty, written, written])

    assert (span.keyframe, span.start_byte, span.end_byte) == (1, 10, 20)
    assert span.start_ms == 2000


def test_typing_ends_one_span_and_begins_the_next() -> None:
    typed = [Screen().write(20, 20, "rm -rf /srv/backups"[:end]).pixels() for end in (5, 10, 19)]

    spans, tracker, _ = follow(typed)

    assert [(span.start_ms, span.end_ms) for span in spans] == [(0, 2000), (2000, 4000), (4000, 6000)]
    assert tracker.counts.lines_read == 3


def test_lines_beside_a_change_keep_their_span() -> None:
    first = Screen().write(20, 20, "unchanged above").write(20, 200, "old")
    second = Screen().write(20, 20, "unchanged above").write(20, 200, "something new")

    spans, tracker, _ = follow([first.pixels(), second.pixels()])

    assert sorted((top_to_bottom(span.place) < (100, 0), span.start_ms, span.end_ms) for span in spans) == [
        (False, 0, 2000),
        (False, 2000, 4000),
        (True, 0, 4000),
    ]
    assert tracker.counts.lines_read == 3


def test_scrolled_lines_are_known_by_their_pixels() -> None:
    rows = [f"rebuilding shard {row} of 120" for row in range(12)]
    frames = []
    for first in range(4):
        screen = Screen()
        for place in range(8):
            screen.write(20, 10 + place * 20, rows[first + place])
        frames.append(screen.pixels())

    _, tracker, engine = follow(frames)

    assert tracker.counts.lines_read == 11
    assert tracker.counts.cache_hits == 21
    assert engine.batches == [8, 1, 1, 1]


def test_a_vanished_line_ends_its_span() -> None:
    written, empty = Screen().write(20, 20, "Bluefin Logistics").pixels(), Screen().pixels()

    (span,), _, _ = follow([written, empty, empty])

    assert (span.start_ms, span.end_ms) == (0, 2000)


def test_a_blinking_cursor_makes_no_new_spans() -> None:
    on = Screen().write(20, 20, "ops@bastion:~$").fill(Box(160, 22, 8, 14), BLACK).pixels()
    off = Screen().write(20, 20, "ops@bastion:~$").pixels()

    spans, tracker, _ = follow([on, off] * 10, every_ms=500)

    assert len(spans) <= 2
    assert {(span.start_ms // 1000, span.end_ms) for span in spans} <= {(0, 10_000), (0, 9_500)}
    assert tracker.counts.lines_read <= 2


def test_a_new_screen_size_starts_anew() -> None:
    small, large = Screen(800, 400).write(20, 20, "same place"), Screen(1024, 600).write(20, 20, "same place")

    spans, tracker, _ = follow([small.pixels(), large.pixels()])

    assert [(span.start_ms, span.end_ms) for span in spans] == [(0, 4000)]
    assert tracker.counts.lines_read == 1


@pytest.mark.parametrize("name", ["tesserocr", "rapidocr"])
def test_word_boxes_stand_on_the_letters_of_the_screen(name: str) -> None:
    words = {"Accepted": 40, "publickey": 140, "shadow": 260}
    screen = Screen()
    for word, x in words.items():
        screen.write(x, 60, word)
    tracker = Tracker(load_engine(name, "eng"))
    (pair,) = keyframes([screen.pixels()])

    spans = [*tracker.advance(*pair), *tracker.finish(1000)]

    found = {word.text: word.place for span in spans for word in span.words}
    for word, x in words.items():
        assert abs(found[word].x - x) <= 3, f"{word} at {found[word].x}, drawn at {x}"
        assert abs(found[word].right - (x + len(word) * 8.4)) <= 4  # 14 px DejaVu Sans Mono is 8.4 px wide
