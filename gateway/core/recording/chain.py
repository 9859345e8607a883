"""The hash chain of a manifest's lines: building it, and checking it line by line.

Pure: signing and verifying are passed in as callables. Checking goes from the last line to the first, because each line
vouches for the previous one. This finds the line that is wrong, rather than the first one that does not match.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.core.recording.entries import Checkpoint, Entry, Header, Sealed, Writer
from gateway.core.recording.manifest import (
    FIRST_PREVIOUS,
    Manifest,
    ManifestError,
    decode_line,
    encode_line,
    line_hash,
    signed_message,
)

Sign = Callable[[bytes], bytes]
"""Return the Ed25519 signature of a message."""
Verify = Callable[[str, bytes, bytes], bool | None]
"""(key id, message, signature): whether the signature is by that key; None if there is no such key."""

_PREVIOUS: Final = re.compile(rb'"previous":"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a manifest: numbers of lines and checkpoints, SHA-256 (hex) of its first and last line."""

    line_count: int = 0
    checkpoint_count: int = 0
    header_sha256: str = ""
    last_line_sha256: str = ""


class Chain:
    """Turn entries into chained lines. A line counts once it was passed to `take`, after it is in the file."""

    def __init__(self, writer: Writer, key_id: str, sign: Sign) -> None:
        self._writer = writer
        self._key_id = key_id
        self._sign = sign
        self._previous = FIRST_PREVIOUS
        self._checkpoints = 0
        self.unsigned_lines = 0
        self.head = Head()  # replaced as a whole, so that any thread may read it

    def resume(self, manifest: Manifest) -> None:
        """Continue at the end of a manifest."""
        self._previous = line_hash(manifest.lines[-1])
        self._checkpoints = sum(isinstance(entry, Checkpoint) for entry in manifest.entries)

    def line(self, entry: Entry) -> bytes:
        """Return the entry as the next line, newline included."""
        return encode_line(entry, self._previous) + b"\n"

    def checkpoint(self, at: datetime) -> Checkpoint:
        """Return the entry that signs all lines so far, to be written next."""
        unsigned = Checkpoint(self._checkpoints, at, self._writer, self._key_id, "")
        signature = self._sign(signed_message(unsigned, self._previous))
        return Checkpoint(unsigned.number, at, self._writer, self._key_id, signature.hex())

    def take(self, entry: Entry, line: bytes) -> None:
        """Record that the line is in the file."""
        self._previous = line_hash(line[:-1])
        is_checkpoint = isinstance(entry, Checkpoint)
        self._checkpoints += is_checkpoint
        header = self.head.header_sha256 or self._previous
        self.head = Head(self.head.line_count + 1, self._checkpoints, header, self._previous)
        self.unsigned_lines = 0 if is_checkpoint else self.unsigned_lines + 1

    def lines(self, *entries: Entry) -> bytes:
        """Return all lines at once and take them, for manifests written as a whole."""
        out = bytearray()
        for entry in entries:
            line = self.line(entry)
            self.take(entry, line)
            out += line
        return bytes(out)


@dataclass(frozen=True, slots=True)
class LineFault:
    """A fault at a line (counted from 1)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """All readable lines, by number from 1, and the faults in them.

    `signed_through` is the last line with a valid signature, which vouches for all lines before it; 0 if there is none.
    """

    entries: dict[int, Entry]
    faults: tuple[LineFault, ...]
    signed_through: int


def check_lines(data: bytes, verify: Verify) -> Checked:
    """Check a manifest's lines, chain and signatures. Never raises, whatever the content."""
    *raw, torn = data.split(b"\n")
    faults: list[LineFault] = []
    if torn or not raw:
        text = f"the last line is truncated: {len(torn)} bytes without a line end" if torn else "the manifest is empty"
        faults.append(LineFault(len(raw) + 1, text))
    lines = [_Line(number, data) for number, data in enumerate(raw, 1)]
    signed_through = _check_signatures(lines, verify)
    _check_chain(lines)
    _check_places(lines)
    faults += [LineFault(line.number, line.fault) for line in lines if line.fault is not None]
    entries = {line.number: line.entry for line in lines if line.entry is not None}
    return Checked(entries, tuple(sorted(faults, key=lambda fault: fault.line)), signed_through)


class _Line:
    """The readable parts of a line. `fault`: what is wrong with it."""

    def __init__(self, number: int, data: bytes) -> None:
        self.number = number
        self.hash = line_hash(data)
        self.entry: Entry | None = None
        self.fault: str | None = None
        self.is_signed = False  # a checkpoint whose signature is valid
        found = _PREVIOUS.search(data)
        self.previous = found[1].decode() if found else None
        try:
            self.entry = decode_line(data)[0]
        except ManifestError as error:
            self.fault = f"it was altered: {error}"

    def hash_with(self, previous: str) -> str | None:
        """Return the hash this line would have with another `previous`."""
        return None if self.entry is None else line_hash(encode_line(self.entry, previous))


def _check_places(lines: Sequence[_Line]) -> None:
    """Check that the header is the first line and no other, and that only its checkpoint follows the seal."""
    is_sealed = False
    for line in lines:
        if line.fault is None and line.entry is not None:
            if isinstance(line.entry, Header) != (line.number == 1):
                line.fault = "a manifest has exactly one header, as its first line"
            elif is_sealed and not (isinstance(line.entry, Checkpoint) and line.number == len(lines)):
                line.fault = "it is after the seal"
        is_sealed = is_sealed or isinstance(line.entry, Sealed)


def _check_chain(lines: Sequence[_Line]) -> None:
    """Check that each line's `previous` is the hash of the line before, starting at the end to find the wrong line."""
    places = {line.hash: line.number for line in reversed(lines)}
    is_settled = False  # whether the next pair is known to fit
    for line, before in zip(reversed(lines[1:]), reversed(lines[:-1]), strict=True):
        if line.previous == before.hash or is_settled:
            is_settled = False
        elif line.fault is None:
            is_settled = _blame(line, before, lines[before.number - 2] if before.number > 1 else None, places)
        # Otherwise its `previous` may be what was altered.
    if lines and lines[0].fault is None and lines[0].previous != FIRST_PREVIOUS:
        lines[0].fault = "it is not a first line: it names a previous line"


def _blame(line: _Line, before: _Line, earlier: _Line | None, places: Mapping[str, int]) -> bool:
    """`line` is sound but does not follow `before`: say why. Return whether `before` and `earlier` are settled by that."""
    place = places.get(line.previous or "")
    above = earlier.hash if earlier is not None else FIRST_PREVIOUS
    if place is not None:
        line.fault = f"it belongs after line {place}: lines were moved, repeated or inserted"
    elif line.previous == before.hash_with(above):
        before.fault = "it was altered: its hash of the previous line is wrong"
        return True
    elif before.is_signed:
        before.fault = f"lines between it and line {line.number} are missing"
    elif before.fault is None:
        before.fault = f"it was altered, or lines between it and line {line.number} are missing"
    return False


def _check_signatures(lines: Sequence[_Line], verify: Verify) -> int:
    """Return the last line with a valid signature, 0 if there is none."""
    signed_through = 0
    for line in lines:
        checkpoint = line.entry
        if not isinstance(checkpoint, Checkpoint) or line.previous is None:
            continue
        line.fault = _signature_fault(checkpoint, line.previous, verify)
        if line.fault is None:
            line.is_signed, signed_through = True, line.number
    return signed_through


def _signature_fault(checkpoint: Checkpoint, previous: str, verify: Verify) -> str | None:
    try:
        signature = bytes.fromhex(checkpoint.signature)
    except ValueError:
        return "the signature is malformed"
    answer = verify(checkpoint.key_id, signed_message(checkpoint, previous), signature)
    if answer is None:
        return f"it is signed with key {checkpoint.key_id}, which is unknown at this site"
    return None if answer else f"its signature is not that of key {checkpoint.key_id}: it was altered"
