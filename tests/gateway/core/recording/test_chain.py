"""The chain: a line that was altered, moved, dropped or put in is named, and no other is."""

import json
import re
from datetime import UTC, datetime

import pytest

from gateway.core.recording.chain import Chain, Checked, check_lines
from gateway.core.recording.entries import Chunk, Ended, Entry, Sealed, Writer
from gateway.core.recording.manifest import encode_line, line_hash
from tests.gateway.core.recording.test_manifest import AT, ENTRIES
from tests.parts.attesting import attest, verify


def whole() -> list[bytes]:
    """A manifest with checkpoints in the middle and at the end; lines without their ends."""
    chain = attest().chain(Writer.GATEWAY)
    data = chain.lines(*ENTRIES[:4]) + chain.lines(chain.checkpoint(AT))
    data += chain.lines(Chunk(0, 4000, 4001, "00" * 32), *ENTRIES[4:]) + chain.lines(chain.checkpoint(AT))
    return data.split(b"\n")[:-1]


LINES = whole()


def check(lines: list[bytes]) -> Checked:
    return check_lines(b"".join(line + b"\n" for line in lines), verify)


def faulty(lines: list[bytes]) -> list[int]:
    return [fault.line for fault in check(lines).faults]


def test_a_whole_manifest_has_no_fault_and_is_signed_to_its_end() -> None:
    checked = check(LINES)
    assert (checked.faults, checked.signed_through) == ((), len(LINES))
    assert len(checked.entries) == len(LINES)


def places() -> list[tuple[int, int]]:
    """A byte of each name and each value of each line, and what holds the line together."""
    found = []
    for number, line in enumerate(LINES, 1):
        tokens = re.finditer(rb"[^\"{},:]+|[\"{},:]", line)
        ends = {token.start() for token in tokens} | {len(line) - 1}
        found += [(number, at) for at in sorted(ends)]
    return found


def test_each_flipped_byte_is_reported_with_its_line() -> None:
    for number, at in places():
        line = LINES[number - 1]
        altered = line[:at] + bytes((line[at] ^ 1,)) + line[at + 1 :]
        assert faulty([*LINES[: number - 1], altered, *LINES[number:]]) == [number], (number, at, altered)


def test_a_line_end_that_is_gone_joins_two_lines() -> None:
    for number in range(1, len(LINES)):
        joined = [*LINES[: number - 1], LINES[number - 1] + b" " + LINES[number], *LINES[number + 1 :]]
        assert faulty(joined) == [number]


def test_a_last_line_without_its_end_was_cut() -> None:
    data = b"".join(line + b"\n" for line in LINES)
    [fault] = check_lines(data[:-1], verify).faults
    assert fault.line == len(LINES)
    assert "truncated" in fault.text


@pytest.mark.parametrize("number", range(2, len(LINES)))
def test_a_dropped_line_leaves_a_hole_that_is_named(number: int) -> None:
    [fault] = check([*LINES[: number - 1], *LINES[number:]]).faults
    assert fault.line == number - 1
    assert f"and line {number} are missing" in fault.text


def test_a_dropped_first_line_is_named() -> None:
    assert [
        (fault.line, "first line" in fault.text or "header" in fault.text) for fault in check(LINES[1:]).faults
    ] == [(1, True)]


@pytest.mark.parametrize("number", range(1, len(LINES) + 1))
def test_a_repeated_line_is_named(number: int) -> None:
    assert number + 1 in faulty([*LINES[:number], *LINES[number - 1 :]])


@pytest.mark.parametrize("number", range(2, len(LINES)))
def test_lines_that_changed_places_are_named(number: int) -> None:
    swapped = [*LINES[: number - 1], LINES[number], LINES[number - 1], *LINES[number + 1 :]]
    assert {number, number + 1} <= set(faulty(swapped))


def test_a_manifest_that_ends_at_an_earlier_checkpoint_is_sound_in_itself() -> None:
    """What is missing behind it is told by the rows and the seal: see the tests of verification."""
    assert faulty(LINES[:5]) == []


def rechained(lines: list[bytes], number: int, entry: Entry) -> list[bytes]:
    """With one entry replaced and all behind it chained anew, as someone without the signing key can."""
    entries, out = check(lines).entries | {number: entry}, lines[: number - 1]
    for at in range(number, len(lines) + 1):
        out.append(encode_line(entries[at], line_hash(out[-1])))
    return out


def test_lines_chained_anew_without_the_key_fail_at_every_checkpoint_behind() -> None:
    forged = rechained(LINES, 3, Chunk(0, 0, 4000, "ff" * 32))
    checked = check(forged)
    assert [(fault.line, "altered" in fault.text) for fault in checked.faults] == [(5, True), (len(LINES), True)]
    assert checked.signed_through == 0


def test_lines_signed_with_a_key_of_somebody_else_are_reported() -> None:
    chain = Chain(Writer.GATEWAY, "other", lambda _message: bytes(64))
    data = chain.lines(*ENTRIES[:3]) + chain.lines(chain.checkpoint(AT))
    [fault] = check_lines(data, verify).faults
    assert (fault.line, fault.text) == (4, "it is signed with key other, which is unknown at this site")


def test_lines_behind_the_seal_are_reported() -> None:
    chain = attest().chain(Writer.SEALING)
    data = chain.lines(ENTRIES[0], Sealed(0, 0, ""), Ended(datetime(2026, 1, 1, tzinfo=UTC), "x"))
    assert [fault.line for fault in check_lines(data, verify).faults] == [3]


def test_a_manifest_of_another_version_is_reported_at_its_header() -> None:
    """However little of a chain it has: an unsigned one must not pass for one that has nothing to sign."""
    unchained = b'{"entry":"header","kind":"desktop","operator":"o","recording_id":"r","session_id":null,'
    unchained += b'"started_at":"2026-01-01T00:00:00+00:00","target":"t","version":1}\n'
    checked = check_lines(unchained, verify)
    assert ([fault.line for fault in checked.faults], checked.signed_through) == ([1], 0)
    renamed = check([LINES[0].replace(b'"version":2', b'"version":1'), *LINES[1:]])
    assert renamed.faults[0].line == 1
    assert "version 1" in renamed.faults[0].text


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\xff\xfe\n", b"[]\n", b"{}\n", json.dumps({"entry": "header"}).encode() + b"\n"]
)
def test_anything_is_looked_at_without_falling_over(data: bytes) -> None:
    assert [fault.line for fault in check_lines(data, verify).faults] == [1]
