"""The parser: any split of the bytes gives the same instructions; lengths are code points; everything is bounded."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from gateway.core.desktop.guac import (
    MAX_ELEMENTS,
    MAX_INSTRUCTION_BYTES,
    NEED_DATA,
    GuacParser,
    Instruction,
    WholeInstructions,
    encode,
)
from gateway.core.desktop.guac.errors import GuacProtocolError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# Pieces of streams in any order: far likelier than random bytes to be nearly right.
NEAR_MISSES = st.lists(
    st.sampled_from([b"0.", b"1.", b"2.", b"3.", b"12.", b",", b";", b"a", b"\xc3\xa4", b"\xc3", b"\xa4", b"nop"]),
    max_size=24,
).map(b"".join)
ELEMENTS = st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=6)


def read(parser: GuacParser) -> Iterator[Instruction]:
    while (item := parser.next_instruction()) is not NEED_DATA:
        yield item


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def reading_fails(data: bytes, cuts: Iterable[int] = ()) -> tuple[str, int] | None:
    parser = GuacParser()
    try:
        for piece in pieces(data, list(cuts)):
            parser.feed(piece)
            list(read(parser))
    except GuacProtocolError as error:
        return error.reason, error.offset
    return None


@given(ELEMENTS, st.lists(st.integers(min_value=0), max_size=8))
def test_any_split_gives_the_same_instructions(said: list[list[str]], cuts: list[int]) -> None:
    data = b"".join(encode(*elements) for elements in said)
    parser = GuacParser()
    found: list[Instruction] = []
    for piece in pieces(data, cuts):
        parser.feed(piece)
        found += read(parser)
    assert [[item.opcode, *item.args] for item in found] == said
    assert b"".join(data[item.start : item.end] for item in found) == data
    assert (parser.pending_bytes, parser.offset) == (0, len(data))


@given(ELEMENTS, TEXT, st.lists(st.integers(min_value=0), max_size=8))
def test_any_split_is_cut_at_the_same_boundaries(said: list[list[str]], rest: str, cuts: list[int]) -> None:
    whole = b"".join(encode(*elements) for elements in said)
    torn = encode("blob", rest)[:-1]
    cutter = WholeInstructions()
    given_out = [cutter.feed(piece) for piece in pieces(whole + torn, cuts)]
    assert b"".join(given_out) == whole
    assert cutter.unread == torn
    for part in given_out:
        parser = GuacParser()
        parser.feed(part)
        list(read(parser))
        assert not parser.pending_bytes, "a part ends inside an instruction"


@given(NEAR_MISSES | st.binary(max_size=64), st.lists(st.integers(min_value=0), max_size=4))
def test_any_bytes_are_read_or_refused_and_both_readers_agree(data: bytes, cuts: list[int]) -> None:
    expected = reading_fails(data)
    assert reading_fails(data, cuts) == expected
    cutter = WholeInstructions()
    found = None
    try:
        for piece in pieces(data, cuts):
            cutter.feed(piece)
    except GuacProtocolError as error:
        found = (error.reason, error.offset)
    # Only values are checked for UTF-8: cutting does not look into them, and may go on to the next fault.
    assert found == expected or (expected is not None and "UTF-8" in expected[0])


@given(ELEMENTS, st.lists(st.integers(min_value=0), max_size=8))
def test_watched_instructions_are_seen_whatever_the_split(said: list[list[str]], cuts: list[int]) -> None:
    data = b"".join(encode(*elements) + encode("sync", number) for number, elements in enumerate(said))
    cutter = WholeInstructions(watched=("sync",))
    seen: list[Instruction] = []
    for piece in pieces(data, cuts):
        cutter.feed(piece)
        seen += cutter.seen
    assert [item.args for item in seen if item.opcode == "sync"][-len(said) or None :] == [
        (str(number),) for number in range(len(said))
    ]
    assert [data[item.start : item.end] for item in seen] == [encode(item.opcode, *item.args) for item in seen]


LENGTHS = st.integers(min_value=0, max_value=40)
DRAWN = st.lists(st.tuples(st.sampled_from(["rect", "sync", "syncs", ""]), st.lists(LENGTHS, max_size=8)), max_size=8)


@given(DRAWN, st.lists(st.integers(min_value=0), max_size=8))
def test_runs_of_short_elements_are_cut_as_any_others(drawn: list[tuple[str, list[int]]], cuts: list[int]) -> None:
    said = [encode(opcode, *(";,.4.sync"[:length].ljust(length, "x") for length in args)) for opcode, args in drawn]
    data = b"".join(said)
    cutter = WholeInstructions(watched=("sync",))
    given_out, seen = b"", 0
    for piece in pieces(data, cuts):
        given_out += (out := cutter.feed(piece))
        assert not out or out.endswith(tuple(said))
        seen += len([item for item in cutter.seen if item.opcode == "sync"])
    assert (given_out, cutter.unread) == (data, b"")
    assert seen == [opcode for opcode, _ in drawn].count("sync")


def test_a_watched_opcode_inside_a_value_is_not_seen() -> None:
    cutter = WholeInstructions(watched=("sync",))
    cutter.feed(encode("clipboard", ";4.sync,1.7;") + encode("syncs", 1) + encode("sync", 8))
    assert [item.args for item in cutter.seen] == [("8",)]


@pytest.mark.parametrize("text", ["", "ä", "日本語", "a🙂b", "🙂", "e\u0301", "\x00"])
def test_lengths_are_code_points(text: str) -> None:
    data = encode("name", text)
    assert data == f"4.name,{len(text)}.{text};".encode()
    parser = GuacParser()
    parser.feed(data)
    assert next(read(parser)).args == (text,)


def test_offsets_count_from_where_the_reader_was_reported() -> None:
    parser = GuacParser(start_offset=100)
    parser.feed(encode("nop"))
    assert next(read(parser)) == Instruction("nop", (), 100, 106)


@pytest.mark.parametrize(
    ("data", "reason", "offset"),
    [
        (b"x", "expected an element length", 0),
        (b".", "expected an element length", 0),
        (b"-1.a;", "expected an element length", 0),
        (b"3.nop:", "expected ',' or ';'", 5),
        (b"3.nop;3.nopp", "expected ',' or ';'", 11),
        (b"2.nop;", "expected ',' or ';'", 4),
        (b"00000001.a;", "expected an element length", 0),
        (b"9999999.", "is too long", 0),
        ("٣.nop;".encode(), "expected an element length", 0),
        (b"1.\xff;", "not UTF-8", 2),
    ],
)
def test_what_is_not_the_protocol_is_refused_with_its_place(data: bytes, reason: str, offset: int) -> None:
    parser = GuacParser()
    parser.feed(data)
    with pytest.raises(GuacProtocolError, match=reason) as caught:
        list(read(parser))
    assert caught.value.offset == offset


@pytest.mark.parametrize("make", [GuacParser, WholeInstructions])
def test_an_instruction_without_end_is_refused_before_memory_is(make: type[GuacParser | WholeInstructions]) -> None:
    reader = make()
    chunk = encode("blob", "x" * 60_000)[:-1] + b","
    with pytest.raises(GuacProtocolError):
        for _ in range(2 * MAX_INSTRUCTION_BYTES // len(chunk)):
            reader.feed(chunk)
            if isinstance(reader, GuacParser):
                reader.next_instruction()


@pytest.mark.parametrize("make", [GuacParser, WholeInstructions])
def test_too_many_elements_are_refused(make: type[GuacParser | WholeInstructions]) -> None:
    reader = make()
    with pytest.raises(GuacProtocolError, match="elements"):
        reader.feed(b"1.a," * (MAX_ELEMENTS + 2))
        if isinstance(reader, GuacParser):
            reader.next_instruction()


def test_the_largest_instruction_passes_byte_by_byte_fed_in_blocks() -> None:
    data = encode("img", "x" * (MAX_INSTRUCTION_BYTES - 64))
    cutter, parser = WholeInstructions(), GuacParser()
    out = b""
    for start in range(0, len(data), 65_536):
        out += cutter.feed(data[start : start + 65_536])
        parser.feed(data[start : start + 65_536])
    assert out == data
    assert len(next(read(parser)).args[0]) == MAX_INSTRUCTION_BYTES - 64


@pytest.mark.parametrize("block", [1, 7, 4096, 65_536])
def test_a_real_recording_is_read_in_any_blocks(block: int, sample: bytes) -> None:
    cutter, parser = WholeInstructions(), GuacParser()
    cut, count = bytearray(), 0
    for start in range(0, len(sample), block):
        cut += cutter.feed(sample[start : start + block])
        parser.feed(sample[start : start + block])
        count += sum(1 for _ in read(parser))
    assert bytes(cut) == sample
    assert count == sample.count(b";")


@pytest.fixture
def sample() -> bytes:
    """The first 64 KiB of a recording made through guacd 1.3.0, up to the last whole instruction."""
    path = Path(__file__).parents[5] / "tests/data/console-rdp.guac"
    data = path.read_bytes()[:65_536]
    return data[: data.rindex(b";") + 1]
