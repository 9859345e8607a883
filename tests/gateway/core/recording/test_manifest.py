"""The manifest: what is written is what is read, and nothing else passes."""

from datetime import UTC, datetime

import pytest

from gateway.core.recording import manifest
from gateway.core.recording.manifest import (
    Ended,
    Entry,
    GapNoted,
    Header,
    ManifestError,
    Sealed,
    SegmentClosed,
    SegmentOpened,
    encode_entry,
    parse_manifest,
)
from gateway.core.recording.states import GapCause, RecordingKind

AT = datetime(2026, 7, 1, 12, 30, 0, 250_000, tzinfo=UTC)
HEADER = Header(manifest.VERSION, "r1", "s1", "db-01", "Ann", AT, RecordingKind.DESKTOP)
ENTRIES: list[Entry] = [
    HEADER,
    SegmentOpened(0, "segments/000000.guac", AT),
    SegmentClosed(0, 4096, "ab" * 32),
    GapNoted(10, None, GapCause.GATEWAY_LOST, "gateway killed"),
    Ended(AT, "operator_left"),
    Sealed(1, 4096, "cd" * 32),
]


def lines(*entries: Entry) -> bytes:
    return b"".join(map(encode_entry, entries))


def test_what_is_written_is_read_back() -> None:
    read = parse_manifest(lines(*ENTRIES))
    assert read.entries == tuple(ENTRIES)
    assert (read.header, read.torn_bytes) == (HEADER, 0)
    assert (read.opened[0], read.closed[0], read.gaps[0], read.ended, read.sealed) == tuple(ENTRIES[1:])


def test_an_entry_is_one_line_whatever_is_in_it() -> None:
    assert encode_entry(GapNoted(0, 1, GapCause.TORN_TAIL, "a\nb\u2028c")).count(b"\n") == 1


def test_every_cut_inside_the_last_line_is_a_torn_tail() -> None:
    whole, last = lines(*ENTRIES[:3]), encode_entry(ENTRIES[3])
    for length in range(len(last)):
        read = parse_manifest(whole + last[:length])
        assert (len(read.entries), read.torn_bytes) == (3, length)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "begins with a header"),
        (lines(ENTRIES[1]), "begins with a header"),
        (lines(HEADER) + b"{}\n", "line 2"),
        (lines(HEADER) + b"[1]\n", "line 2"),
        (lines(HEADER) + b"\xff\n", "line 2"),
        (lines(HEADER) + b'{"entry":"segment_closed","number":true,"size_bytes":1,"sha256":"x"}\n', "line 2"),
        (lines(HEADER) + b'{"entry":"segment_closed","number":1}\n', "other fields"),
        (lines(HEADER) + b'{"entry":"gap","start_ms":0,"end_ms":1,"cause":"boredom","detail":""}\n', "boredom"),
        (lines(HEADER, ENTRIES[5], ENTRIES[3]), "behind the seal"),
        (lines(HEADER).replace(b'"version":1', b'"version":9'), "version 9"),
    ],
)
def test_anything_else_is_refused_with_its_place(data: bytes, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        parse_manifest(data)
