"""Clipboard texts and file names from streams, however they are mixed and cut."""

import base64

import pytest

from gateway.core.guac import Instruction
from workers.ocr.spans import Span
from workers.text import transfers
from workers.text.streams import Streams


def take(*instructions: tuple[str, ...], into: Streams | None = None) -> list[Span]:
    taken = into or Streams()
    spans: list[Span] = []
    for number, (opcode, *args) in enumerate(instructions):
        instruction = Instruction(opcode, tuple(args), number * 10, number * 10 + 10)
        spans += taken.take(instruction, number * 1000)
    return [*spans, *taken.finish(len(instructions) * 1000, len(instructions) * 10)]


def blob(stream: str, data: bytes) -> tuple[str, ...]:
    return ("blob", stream, base64.b64encode(data).decode())


def test_a_clipboard_is_one_text_with_its_time_and_place() -> None:
    euro = "5 €".encode()
    (span,) = take(
        ("clipboard", "3", "text/plain"),
        blob("7", b"somebody else's"),
        blob("3", euro[:3]),  # in the middle of a character
        blob("3", euro[3:]),
        ("end", "3"),
    )
    assert (span.text, span.source, span.start_ms, span.end_ms) == ("5 €", "clipboard", 0, 4000)
    assert (span.start_byte, span.end_byte) == (0, 50)


def test_a_stream_number_belongs_to_whoever_opened_it_last() -> None:
    into = Streams()
    spans = take(
        ("clipboard", "3", "text/plain"),
        blob("3", b"half"),
        ("img", "3", "14", "0", "image/png", "0", "0"),
        blob("3", b"PNG"),
        ("end", "3"),
        into=into,
    )
    assert [span.text for span in spans] == ["half"]
    assert into.cut_count == 1


def test_a_clipboard_that_is_still_open_at_the_end_is_kept() -> None:
    assert [span.text for span in take(("clipboard", "3", "text/plain"), blob("3", b"half"))] == ["half"]


def test_pictures_and_empty_clipboards_are_no_text() -> None:
    assert not take(("clipboard", "3", "image/png"), blob("3", b"PNG"), ("end", "3"))
    assert not take(("clipboard", "3", "text/plain"), ("end", "3"))


@pytest.mark.parametrize(
    ("instruction", "name"),
    [
        (("file", "1", "application/pdf", "payroll.pdf"), "payroll.pdf"),
        (("body", "0", "1", "text/csv", "/home/olga/customers.csv"), "/home/olga/customers.csv"),
        (("put", "0", "1", "text/csv", "/tmp/upload.csv"), "/tmp/upload.csv"),
    ],
)
def test_transferred_files_are_named(instruction: tuple[str, ...], name: str) -> None:
    (span,) = take(instruction)
    assert (span.text, span.source, span.start_ms, span.end_ms) == (name, "file", 0, 1)


def test_a_listing_is_no_transfer() -> None:
    assert not take(("body", "0", "1", "application/vnd.glyptodon.guacamole.stream-index+json", "/home"))


def test_long_texts_are_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "MAX_CLIPBOARD_BYTES", 25)
    monkeypatch.setattr(transfers, "MAX_SPAN_TEXT", 12)
    into = Streams()
    spans = take(("clipboard", "3", "text/plain"), blob("3", b"one two three four five six"), ("end", "3"), into=into)
    assert [span.text for span in spans] == ["one two", "three four", "five s"]
    assert into.cut_count == 1
    take(("file", "1", "a/b", "x" * 5000), into=into)
    assert into.cut_count == 2


@pytest.mark.parametrize(
    "instruction",
    [("clipboard",), ("clipboard", "3"), ("file", "1"), ("body", "0"), ("blob",), ("end",), ("blob", "3", "=")],
)
def test_malformed_instructions_give_nothing(instruction: tuple[str, ...]) -> None:
    assert not take(("clipboard", "9", "text/plain"), instruction)


def test_a_damaged_blob_is_counted() -> None:
    into = Streams()
    spans = take(
        ("clipboard", "3", "text/plain"), blob("3", b"good"), ("blob", "3", "not base64"), ("end", "3"), into=into
    )
    assert [span.text for span in spans] == ["good"]
    assert into.cut_count == 1
