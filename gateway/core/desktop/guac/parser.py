"""Incremental reading of a Guacamole byte stream.

Two readers share one scanner. `GuacParser` returns instructions as values (workers, the browser's side of the tunnel).
`WholeInstructions` only cuts the stream at instruction boundaries without building values (guacd's side of the live
path, where most bytes are image data that need not be parsed).

Element lengths count Unicode code points, not bytes. The scanner works on bytes and counts code points only if a buffer
is not plain ASCII.
"""

import re
from collections.abc import Iterable
from enum import Enum, auto
from typing import Final

from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.instruction import Instruction

# guacd writes at most 8 KiB an instruction (GUAC_INSTRUCTION_MAX_LENGTH); recorders before Guacamole 0.9.7 put a whole
# PNG into one element. 4 MiB holds a raw 4K screen's worth of base64 PNG and still bounds memory.
MAX_INSTRUCTION_BYTES: Final = 4 * 1024 * 1024
# guacd allows 128 elements (GUAC_INSTRUCTION_MAX_ELEMENTS); RDP's `args` and `connect` are the longest at about 80.
MAX_ELEMENTS: Final = 256
# Digits of a length: 4 MiB has seven.
_MAX_LENGTH_DIGITS: Final = 7

_DOT: Final = 0x2E
_COMMA: Final = 0x2C
_SEMICOLON: Final = 0x3B
# Numbers, colours, stream names, mimetypes: nearly every element but the data of blobs is shorter.
_SHORT_CHARACTERS: Final = 31


class NeedData(Enum):
    """The sentinel returned by `next_instruction` if no complete instruction is buffered yet."""

    NEED_DATA = auto()


NEED_DATA: Final = NeedData.NEED_DATA


class _Scanner:
    """Buffer bytes and find element and instruction boundaries. Subclasses decide what to keep."""

    def __init__(self) -> None:
        self._buffer = b""
        self._ascii = True
        self._base = 0  # stream offset of the buffer's first byte

    @property
    def pending_bytes(self) -> int:
        """Number of buffered bytes that do not form a whole instruction yet (a torn tail at end of stream)."""
        return len(self._buffer)

    @property
    def offset(self) -> int:
        """Stream offset just after the last whole instruction that was returned."""
        return self._base

    def _append(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        self._ascii = self._buffer.isascii()

    def _drop(self, count: int) -> None:
        self._buffer = self._buffer[count:]
        self._base += count

    def _element(self, at: int) -> tuple[int, int] | None:
        """Return the bounds (start, end) of the value of the element that begins at `at`, or None if it is incomplete."""
        buffer = self._buffer
        dot = buffer.find(b".", at, at + _MAX_LENGTH_DIGITS + 1)
        if dot < 0:
            if len(buffer) - at > _MAX_LENGTH_DIGITS or not _digits(buffer[at:]):
                raise GuacProtocolError("expected an element length", self._base + at)
            return None
        digits = buffer[at:dot]
        if not digits or not _digits(digits):
            raise GuacProtocolError("expected an element length", self._base + at)
        length = int(digits)
        if length > MAX_INSTRUCTION_BYTES:
            raise GuacProtocolError(f"element of {length} characters is too long", self._base + at)
        start = dot + 1
        end = start + length if self._ascii else self._end_of_characters(start, length)
        if end is None or end >= len(buffer):
            return None
        return start, end

    def _end_of_characters(self, start: int, count: int) -> int | None:
        """Return the byte offset after `count` code points from `start`, or None if the buffer ends first.

        Jumps by the number still missing and counts lead bytes in each jump, so a buffer with a few wide characters
        takes a few steps rather than one per character.
        """
        buffer = self._buffer
        end = start
        missing = count
        while missing:
            if end + missing > len(buffer):
                return None
            piece = buffer[end : end + missing]
            end += missing
            missing -= len(piece) - _continuation_bytes(piece)
        while end < len(buffer) and buffer[end] in _CONTINUATION:
            end += 1
        return end

    def _too_long(self) -> GuacProtocolError:
        return GuacProtocolError(f"instruction longer than {MAX_INSTRUCTION_BYTES} bytes", self._base)


class GuacParser(_Scanner):
    """Parse instructions into values: `feed` bytes, then call `next_instruction` until it returns NEED_DATA."""

    def __init__(self, start_offset: int = 0) -> None:
        super().__init__()
        self._base = start_offset
        self._at = 0  # buffer offset of the next unread instruction

    def feed(self, data: bytes) -> None:
        """Add bytes from the wire or the file; any split of the stream gives the same instructions."""
        if self._at:
            self._drop(self._at)
            self._at = 0
        self._append(data)

    @property
    def pending_bytes(self) -> int:
        return len(self._buffer) - self._at

    @property
    def offset(self) -> int:
        return self._base + self._at

    @property
    def taken(self) -> bytes:
        """The bytes of the instructions returned since the last `feed`."""
        return self._buffer[: self._at]

    def next_instruction(self) -> Instruction | NeedData:
        """Return the next whole instruction, or NEED_DATA.

        Raises GuacProtocolError if the stream is not the Guacamole protocol; the parser is unusable after that.
        """
        buffer = self._buffer
        at = self._at
        elements: list[str] = []
        while at < len(buffer):
            bounds = self._element(at)
            if bounds is None:
                break
            start, end = bounds
            elements.append(self._text(start, end))
            if len(elements) > MAX_ELEMENTS:
                raise GuacProtocolError(f"more than {MAX_ELEMENTS} elements", self._base + at)
            terminator = buffer[end]
            at = end + 1
            if terminator == _SEMICOLON:
                first, self._at = self._at, at
                return Instruction(elements[0], tuple(elements[1:]), self._base + first, self._base + at)
            if terminator != _COMMA:
                raise GuacProtocolError("expected ',' or ';' after an element", self._base + end)
        if len(buffer) - self._at > MAX_INSTRUCTION_BYTES:
            raise self._too_long()
        return NEED_DATA

    def _text(self, start: int, end: int) -> str:
        try:
            return self._buffer[start:end].decode()
        except UnicodeDecodeError as error:
            raise GuacProtocolError("text is not UTF-8", self._base + start) from error


class WholeInstructions(_Scanner):
    """Cut a byte stream after its last whole instruction, and also return the watched instructions as values."""

    def __init__(self, watched: Iterable[str] = ()) -> None:
        super().__init__()
        self._scanned = 0  # buffer offset of the first element that was not seen whole yet
        self._whole = 0  # buffer offset behind the last whole instruction
        self._elements = 0
        self._watched = tuple(f"{len(opcode)}.{opcode}".encode() for opcode in watched)
        self._plain = _plain_instruction(self._watched)
        self.seen: list[Instruction] = []  # watched instructions among what the last `feed` gave out

    def feed(self, data: bytes) -> bytes:
        """Add bytes; return all bytes up to the end of the last whole instruction (b"" if there is none yet).

        Raises GuacProtocolError as `GuacParser` does. `unread` then holds the fed bytes.
        """
        self._append(data)
        self.seen = []
        buffer = self._buffer
        at, whole = self._scanned, 0
        self._whole = 0
        while at < len(buffer):
            while not self._elements and self._ascii and (plain := self._plain.match(buffer, at)):
                at = whole = self._whole = plain.end()
            bounds = self._element(at)
            if bounds is None:
                break
            end = bounds[1]
            terminator = buffer[end]
            self._elements += 1
            if terminator == _SEMICOLON:
                if buffer.startswith(self._watched, whole):
                    self._see(whole, end + 1)
                whole = self._whole = end + 1
                self._elements = 0
            elif terminator != _COMMA:
                raise GuacProtocolError("expected ',' or ';' after an element", self._base + end)
            elif self._elements > MAX_ELEMENTS:
                raise GuacProtocolError(f"more than {MAX_ELEMENTS} elements", self._base + at)
            at = end + 1
        if len(buffer) - whole > MAX_INSTRUCTION_BYTES:
            raise self._too_long()
        self._scanned = at - whole
        if not whole:
            return b""
        out = buffer[:whole]
        self._drop(whole)
        self._whole = 0
        self._ascii = self._buffer.isascii()
        return out

    def _see(self, start: int, end: int) -> None:
        parser = GuacParser(self._base + start)
        parser.feed(self._buffer[start:end])
        instruction = parser.next_instruction()
        if instruction is not NEED_DATA:
            self.seen.append(instruction)

    @property
    def sound(self) -> bytes:
        """Once `feed` has raised: the whole instructions in `unread` before the invalid one."""
        return self._buffer[: self._whole]

    @property
    def unread(self) -> bytes:
        """Bytes after the last whole instruction: a torn tail when the stream has ended."""
        return self._buffer


def _plain_instruction(watched: Iterable[bytes]) -> re.Pattern[bytes]:
    """Match a whole ASCII instruction of short, unwatched elements: small screen changes, hundreds in a batch.

    Accepts only what the scanner would accept element by element, but 10 times as fast (0.07 us per element). Each
    length is written out, because a regular expression cannot count. Possessive quantifiers would take half the time, but
    Python before 3.11.5, and so Debian 12's, matches wrongly with them (python/cpython issue 106052).
    """
    element = b"(?:" + b"|".join(b"%d\\..{%d}" % (length, length) for length in range(_SHORT_CHARACTERS + 1)) + b")"
    other = b"(?!" + b"|".join(map(re.escape, watched)) + b")" if watched else b""
    return re.compile(b"%b%b(?:,%b){0,%d};" % (other, element, element, MAX_ELEMENTS - 1), re.DOTALL)


def _digits(data: bytes) -> bool:
    return not data or (data.isascii() and data.isdigit())


def _continuation_bytes(data: bytes) -> int:
    """Count the bytes of `data` that continue a UTF-8 character (10xxxxxx, RFC 3629)."""
    return len(data) - len(data.translate(None, _CONTINUATION))


_CONTINUATION: Final = bytes(range(0x80, 0xC0))
