"""Clipboard texts and file names from streams, however they are mixed and cut."""

import base64
import hashlib

import pytest
from hypothesis import given, strategies as st

from gateway.core.desktop import operator_streams
from gateway.core.desktop.guac import NEED_DATA, GuacParser, Instruction, encode
from gateway.core.recording.transfer import Direction, Transfer, TransferEnd
from gateway.renditions.spans import Span
from workers.desktop.text import streams, transfers
from workers.desktop.text.streams import Streams


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
    ("header", "data", "text", "alternatives"),
    [
        ("Text/Plain", b"word", "word", ()),
        ("text/plain;charset=utf-16", "wörd".encode("utf-16"), "wörd", ()),
        ("text/html", b"<b>pass</b>word", "password", ("<b>pass</b>word",)),
        ("application/xhtml+xml", b"<b>pass</b>word", "password", ("<b>pass</b>word",)),
        ("text/html", b"<script>steal()</script>", "<script>steal()</script>", ()),
        ("application/rtf", rb"{\rtf1 password}", r"{\rtf1 password}", ()),
    ],
)
def test_a_clipboard_is_the_text_a_person_would_see(
    header: str, data: bytes, text: str, alternatives: tuple[str, ...]
) -> None:
    (span,) = take(("clipboard", "3", header), blob("3", data), ("end", "3"))
    assert (span.text, span.alternatives) == (text, alternatives)
    assert span.transfer is not None
    assert span.transfer.mimetype == header


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


def operators(number: int) -> str:
    return str(operator_streams.FIRST_STREAM + number)


def recorded(*pieces: bytes, is_live: bool = True, into: Streams | None = None) -> list[Span]:
    """Spans of a recording as the gateway writes it."""
    parser = GuacParser()
    parser.feed(b"".join(pieces))
    found: list[tuple[str, ...]] = []
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        found.append((instruction.opcode, *instruction.args))
    return take(*found, into=into or Streams(is_live=is_live))


def transfer_of(span: Span) -> Transfer:
    assert span.transfer is not None
    return span.transfer


def test_what_was_pasted_and_what_was_copied_are_told_apart() -> None:
    pasted, copied = recorded(
        operator_streams.clipboard(3, "text/plain", 7),
        encode("clipboard", 3, "text/plain"),  # guacd's own of that number
        operator_streams.blob(3, base64.b64encode(b"DROP TABLE").decode()),
        encode("blob", 3, base64.b64encode(b"customers").decode()),
        operator_streams.end(3, 8, 10),
        encode("end", 3),
    )
    assert (pasted.text, pasted.start_byte, pasted.end_byte) == ("DROP TABLE", 0, 50)
    assert transfer_of(pasted) == Transfer(Direction.TO_TARGET, TransferEnd.WHOLE, "text/plain", 10)
    assert (copied.text, copied.start_byte, copied.end_byte) == ("customers", 10, 60)
    assert transfer_of(copied) == Transfer(Direction.FROM_TARGET, TransferEnd.WHOLE, "text/plain", 9)


def test_a_recording_of_guacd_does_not_say_which_way_a_clipboard_went() -> None:
    clipboard = encode("clipboard", 3, "text/plain") + encode("blob", 3, "eA==") + encode("end", 3)
    (span,) = recorded(clipboard, is_live=False)
    assert transfer_of(span).direction is None


def test_a_clipboard_of_which_more_was_sent_than_is_kept_is_cut() -> None:
    into = Streams()
    (span,) = recorded(
        operator_streams.clipboard(3, "text/plain", 7),
        operator_streams.blob(3, "eHh4"),
        operator_streams.end(3, 8, 300_000),
        into=into,
    )
    assert transfer_of(span) == Transfer(Direction.TO_TARGET, TransferEnd.CUT, "text/plain", 300_000)
    assert into.cut_count == 1


def test_a_killed_gateway_leaves_the_beginning_of_what_was_pasted() -> None:
    (span,) = recorded(operator_streams.clipboard(3, "text/plain", 7), operator_streams.blob(3, "eHh4"))
    assert (span.text, transfer_of(span).end) == ("xxx", TransferEnd.UNFINISHED)


def test_a_clipboard_whose_content_the_policy_keeps_out_is_counted() -> None:
    into = Streams()
    assert not recorded(operator_streams.clipboard(3, "text/plain", 7), operator_streams.end(3, 8, 6), into=into)
    assert (into.withheld_count, into.cut_count) == (1, 0)


DIGEST = hashlib.sha256(b"payroll").hexdigest()


def test_an_uploaded_file_has_the_facts_that_were_recorded_and_is_found_by_its_digest() -> None:
    (span,) = recorded(
        operator_streams.put("0", 3, "text/csv", "/tmp/100% 🙂.csv", 7),
        encode("ack", 3, "OK", 0),
        operator_streams.end(3, 8, 7, DIGEST),
        encode("sync", 9),
    )
    assert (span.text, span.alternatives) == ("/tmp/100% 🙂.csv", (DIGEST,))
    assert (span.start_ms, span.end_ms, span.start_byte, span.end_byte) == (0, 2000, 0, 30)
    assert transfer_of(span) == Transfer(Direction.TO_TARGET, TransferEnd.WHOLE, "text/csv", 7, DIGEST)


@pytest.mark.parametrize("is_late", [False, True])
def test_an_upload_guacd_refuses_did_not_reach_the_target(is_late: bool) -> None:
    refusal, end = encode("ack", 3, "File transfer unsupported", 256), operator_streams.end(3, 8, 7, DIGEST)
    (span,) = recorded(
        operator_streams.file(3, "text/csv", "a.csv", 7), *((end, refusal) if is_late else (refusal, end))
    )
    assert transfer_of(span).end is TransferEnd.REFUSED


def test_a_refusal_is_that_of_the_file_which_has_the_number() -> None:
    first, second = recorded(
        operator_streams.file(3, "a/b", "first", 7),
        operator_streams.end(3, 8, 7, DIGEST),
        operator_streams.file(3, "a/b", "second", 7),
        encode("ack", 3, "no", 256),
    )
    assert (first.text, transfer_of(first).end) == ("first", TransferEnd.WHOLE)
    assert (second.text, transfer_of(second).end) == ("second", TransferEnd.REFUSED)


@pytest.mark.parametrize("opening", [("file", "5", "a/b", "f"), ("body", "0", "5", "a/b", "f")])
def test_a_file_from_the_target_is_measured_and_digested(opening: tuple[str, ...]) -> None:
    data = (opening, blob("5", b"pay"), blob("5", b"roll"), ("end", "5"))
    (span,) = take(*data, into=Streams(is_live=True))
    assert transfer_of(span) == Transfer(Direction.FROM_TARGET, TransferEnd.WHOLE, "a/b", 7, DIGEST)
    assert (span.start_byte, span.end_byte, span.alternatives) == (0, 40, (DIGEST,))


def test_a_damaged_file_from_the_target_is_not_called_whole() -> None:
    (span,) = take(("file", "5", "a/b", "f"), ("blob", "5", "?"), ("end", "5"))
    assert transfer_of(span).end is TransferEnd.CUT


def test_thousands_of_open_streams_are_bounded_and_no_name_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_MAX_CLIPBOARDS", 20)
    monkeypatch.setattr(streams, "_MAX_FILES", 30)
    into = Streams()
    names = {f"{number}.csv" for number in range(100)}
    files = [("file", name.partition(".")[0], "a/b", name) for name in names]
    pasted = [("clipboard", str(number), "text/plain") for number in range(200, 300)]
    spans = take(*files, *pasted, into=into)
    assert {span.text for span in spans} == names
    assert into.cut_count == 100  # 80 not looked at, 20 without an end


@pytest.mark.parametrize(
    "end",
    [("x",), ("9" * 20,), ("7", "no digest"), ("7", DIGEST.upper()), ("-1", ""), ("7", DIGEST, "more"), ()],
)
def test_facts_that_cannot_be_are_none(end: tuple[str, ...]) -> None:
    (span,) = take(("file", operators(3), "a/b", "f"), ("end", operators(3), "8", *end))
    transfer = transfer_of(span)
    assert transfer.size_bytes in {0, 7}
    assert transfer.sha256 in {None, DIGEST}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["clipboard", "file", "put", "body", "blob", "end", "ack", "img"]),
            st.lists(
                st.sampled_from(
                    ["", "0", "3", "1000000", "1000003", "1000512", "text/plain", "a/b", "eHh4", "eHh", "%", "%zz", "²"]
                ),
                max_size=6,
            ),
        ),
        max_size=40,
    )
)
def test_no_order_of_instructions_breaks_it(said: list[tuple[str, list[str]]]) -> None:
    spans = take(*((opcode, *args) for opcode, args in said))
    assert all(span.start_ms < span.end_ms and span.start_byte < span.end_byte for span in spans)
