"""The manifest: what is written is what is read, and nothing else passes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gateway.core.recording.chain import Chain
from gateway.core.recording.entries import (
    Checkpoint,
    Chunk,
    Ended,
    Entry,
    Found,
    GapNoted,
    Header,
    Sealed,
    Sealing,
    SegmentClosed,
    SegmentOpened,
    Writer,
)
from gateway.core.recording.manifest import (
    FIRST_PREVIOUS,
    VERSION,
    ManifestError,
    encode_line,
    line_hash,
    parse_manifest,
)
from gateway.core.recording.states import GapCause
from tests.parts.attesting import attest

AT = datetime(2026, 7, 1, 12, 30, 0, 250_000, tzinfo=UTC)
HEADER = Header(VERSION, "r1", "s1", "db-01", "Änn", AT, "desktop", "ef" * 32)
ENTRIES: list[Entry] = [
    HEADER,
    SegmentOpened(0, "segments/000000.guac", AT),
    Chunk(0, 0, 4000, "ab" * 32),
    GapNoted(10, None, GapCause.GATEWAY_LOST, "gateway killed"),
    Ended(AT, "operator_left"),
    Sealing(AT, 3),
    Found(0, 4000, 4096, "ab" * 32),
    SegmentClosed(0, 4096, 4200, "ab" * 32),
    Sealed(1, 4096, "cd" * 32),
]


def lines(*entries: Entry) -> bytes:
    """With a valid chain."""
    made = attest().chain(Writer.GATEWAY)
    return made.lines(*entries)


def signed(*entries: Entry) -> bytes:
    made = attest().chain(Writer.GATEWAY)
    return made.lines(*entries) + made.lines(made.checkpoint(AT))


def test_what_is_written_is_read_back() -> None:
    read = parse_manifest(signed(*ENTRIES))
    assert read.entries[:-1] == tuple(ENTRIES)
    assert (read.header, read.torn_bytes) == (HEADER, 0)
    assert (read.opened[0], read.closed[0], read.gaps[0]) == (ENTRIES[1], ENTRIES[7], ENTRIES[3])
    assert (read.ended, read.sealed, read.pieces(0)) == (ENTRIES[4], ENTRIES[8], (ENTRIES[2], ENTRIES[6]))


def test_a_line_is_canonical_json_and_names_the_line_before() -> None:
    first, second, *_ = lines(*ENTRIES).split(b"\n")
    assert first == json.dumps(json.loads(first), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert json.loads(first)["previous"] == FIRST_PREVIOUS
    assert json.loads(second)["previous"] == line_hash(first)
    assert "Änn".encode() in first


def test_an_entry_is_one_line_whatever_is_in_it() -> None:
    assert lines(GapNoted(0, 1, GapCause.TORN_TAIL, "a\nb\u2028c")).count(b"\n") == 1


def test_every_cut_inside_the_last_line_is_a_torn_tail() -> None:
    whole, all_of_it = lines(*ENTRIES[:3]), lines(*ENTRIES[:4])
    for length in range(len(all_of_it) - len(whole)):
        read = parse_manifest(all_of_it[: len(whole) + length])
        assert (len(read.entries), read.torn_bytes) == (3, length)


def test_a_manifest_goes_on_where_another_writer_left_it() -> None:
    before = signed(*ENTRIES[:3])
    going_on = Chain(Writer.SEALING, "k", lambda _message: bytes(64))
    going_on.resume(parse_manifest(before))
    read = parse_manifest(before + going_on.lines(ENTRIES[3]) + going_on.lines(going_on.checkpoint(AT)))
    assert [entry.number for entry in read.entries if isinstance(entry, Checkpoint)] == [0, 1]


def rewritten(change: Callable[[dict[str, object]], object]) -> bytes:
    """A second line that was changed, chained and canonical."""
    first = lines(HEADER)
    values = json.loads(encode_line(ENTRIES[7], line_hash(first[:-1])))
    change(values)
    return first + json.dumps(values, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "begins with a header"),
        (lines(ENTRIES[1]), "begins with a header"),
        (lines(HEADER) + b"{}\n", "line 2"),
        (lines(HEADER) + b"[1]\n", "line 2"),
        (lines(HEADER) + b"\xff\n", "line 2"),
        (lines(HEADER) + lines(HEADER, ENTRIES[1]).split(b"\n")[1].replace(b",", b", ", 1) + b"\n", "canonical"),
        (lines(HEADER) + lines(ENTRIES[1]), "line 2: does not follow"),
        (rewritten(lambda values: values.update(number=True)), "line 2"),
        (rewritten(lambda values: values.update(number=1.0)), "line 2"),
        (rewritten(lambda values: values.update(more=1)), "wrong fields"),
        (rewritten(lambda values: values.pop("size_bytes")), "wrong fields"),
        (rewritten(lambda values: values.pop("previous")), "line 2"),
        (rewritten(lambda values: values.update(entry="boredom")), "boredom"),
        (lines(HEADER, ENTRIES[8], ENTRIES[3]), "after the seal"),
        (lines(HEADER).replace(b'"version":2', b'"version":9'), "version 9"),
        (lines(HEADER).replace(b'"version":2', b'"version":1'), "version 1; this program reads version 2"),
    ],
)
def test_anything_else_is_refused_with_its_place(data: bytes, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        parse_manifest(data)
