"""The whole pass: the samples, the clock, clicks, and streams that are no recording."""

import base64
import json
from pathlib import Path

import pytest

from gateway.renditions.spans import Span
from tests.workers.streams import Stream
from workers.desktop.text import Extracted, extract

_DATA = Path(__file__).parents[2] / "data"


def spans_of(data: bytes, piece: int = 1000) -> tuple[list[Span], Extracted]:
    spans: list[Span] = []
    pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
    extracted = extract(pieces, keep=spans.append)
    return spans, extracted


def test_every_command_typed_in_the_sample_is_found_at_its_time_and_place() -> None:
    data = (_DATA / "terminal-vnc.guac").read_bytes()
    typed = [step["step"] for step in json.loads((_DATA / "terminal-vnc.steps.json").read_text())["steps"]]
    spans, extracted = spans_of(data)
    commands = {span.text: span for span in spans}
    assert extracted == Extracted(keys=8)
    assert set(commands) == {*typed, "exit"} - {"loop ended"}  # which is no command
    command = commands["rm -rf /srv/backups/2026-10"]
    assert (command.start_ms, command.end_ms) == (30251, 31613)
    assert data[command.start_byte : command.end_byte].startswith(b"3.key,3.114,1.1,")
    assert data[command.start_byte : command.end_byte].endswith(b";")


def key(stream: Stream, character: str, stamp: int) -> Stream:
    return stream.add("key", ord(character), 1, stamp).add("key", ord(character), 0, stamp)


def test_times_are_those_of_the_renderer() -> None:
    stream = Stream(64, 48).sync(500)  # at 1000: the start
    key(stream, "a", 1300)
    stream.sync(100).add("mouse", 1, 1, 1, 1550)  # at 1500; a click ends the line
    key(stream, "b", 1600)
    stream.add("mouse", 1, 1, 1, 1610)  # still held: no new click
    key(stream, "c", 10**15)  # a stamp that cannot be true
    spans, _ = spans_of(stream.data)
    assert [(span.text, span.start_ms, span.end_ms) for span in spans] == [("a", 300, 301), ("bc", 600, 610)]


def test_keys_without_a_time_have_that_of_the_frame_before() -> None:
    stream = Stream(64, 48).sync(500).sync().add("key", ord("a"), 1)
    assert [span.start_ms for span in spans_of(stream.data)[0]] == [500]


def test_all_sources_in_one_stream() -> None:
    stream = Stream(64, 48).sync(500).sync()
    stream.add("clipboard", 1, "text/plain").add("blob", 1, base64.b64encode(b"s3cret").decode()).add("end", 1)
    stream.add("file", 2, "text/csv", "customers.csv")
    spans, extracted = spans_of(key(stream, "x", 1500).data, piece=7)
    assert [(span.source.value, span.text, span.start_ms) for span in spans] == [
        ("clipboard", "s3cret", 500),
        ("keys", "x", 500),
        ("file", "customers.csv", 500),
    ]
    assert extracted.as_dict() == {"keys": 1, "clipboard": 1, "file": 1, "cut": 0, "withheld": 0, "dropped": 0}


@pytest.mark.parametrize("noise", [b"", b"no recording", b"3.key,1.x,1.1,1.1;", b"3.key;", b"5.mouse;", b"4.sync;"])
def test_noise_gives_nothing_and_ends_nothing(noise: bytes) -> None:
    before = key(Stream(64, 48).sync(), "x", 1000).data
    assert [span.text for span in spans_of(before + noise)[0]] == ["x"]


@pytest.mark.parametrize(("bound", "value"), [("MAX_SPANS", 2), ("MAX_CHARACTERS", 14)])
def test_more_than_a_person_can_do_is_dropped_and_counted(
    monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    monkeypatch.setattr(f"workers.desktop.text.extraction.{bound}", value)
    stream = Stream(64, 48).sync()
    for number in range(5):
        stream.add("file", 2, "text/csv", f"{number}.csv")
    spans, extracted = spans_of(stream.data)
    assert [span.text for span in spans] == ["0.csv", "1.csv"]
    assert extracted == Extracted(file=2, dropped=3)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("k-dead-circumflex", "fête"),
        ("k-euro-20ac", "100€"),
        ("k-legacy-cyrillic", "пароль"),
        ("k-altgr-win-ctrl-fe03", "user@host"),
        ("k-keypad-nav", "aXbcY<Delete>"),
        ("c-upper-mime", "upper mime word"),
        ("c-html", "drop table&co password"),
    ],
)
def test_what_keyboards_and_clients_send_is_the_text_that_was_meant(name: str, text: str) -> None:
    spans, _ = spans_of((_DATA / f"{name}.guac").read_bytes())
    assert [span.text for span in spans] == [text]
