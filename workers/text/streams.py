"""Clipboard text and names of files, from the streams of the original.

Used by `workers.text.extraction`. A stream's number is free again at its `end`, and whoever opens it anew has it.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.core.guac import Instruction
from gateway.core.guac.opcodes import Opcode
from gateway.core.recording.states import SpanSource
from workers.ocr.spans import Span
from workers.text.typed import NO_KEYFRAME, NOWHERE

# guacd keeps 256 KiB of a clipboard (GUAC_COMMON_CLIPBOARD_MAX_LENGTH), later ones up to 50 MiB where that is set
# (`clipboard-buffer-size`): text of more than this is found by its beginning, and counted as cut.
MAX_CLIPBOARD_BYTES: Final = 1024 * 1024
# Characters of one span; written as JSON with every character escaped it stays within a line of the spans file.
MAX_SPAN_TEXT: Final = 100_000
# Paths end at 4096 bytes (PATH_MAX of Linux).
MAX_NAME: Final = 4096
# guacd has 64 streams a user (GUAC_USER_MAX_STREAMS), and as many of its own.
_MAX_OPEN: Final = 128
# A listing of a folder is a `body` too; what has this type is no file (Guacamole manual, "body").
_LISTING: Final = "application/vnd.glyptodon.guacamole.stream-index+json"

# Opcodes that open a stream, and which argument its number is (Guacamole manual, "Streaming instructions").
_STREAM_ARGUMENT: Final[dict[str, int]] = {
    Opcode.ARGV: 0,
    Opcode.AUDIO: 0,
    Opcode.BODY: 1,
    Opcode.CLIPBOARD: 0,
    Opcode.FILE: 0,
    Opcode.IMG: 0,
    Opcode.PIPE: 0,
    Opcode.PUT: 1,
    Opcode.VIDEO: 0,
}
# Of what names a file: which arguments are its type and its name.
_NAMED: Final[dict[str, tuple[int, int]]] = {Opcode.FILE: (1, 2), Opcode.BODY: (2, 3), Opcode.PUT: (2, 3)}


@dataclass
class _Clipboard:
    start_ms: int
    start_byte: int
    data: bytearray = field(default_factory=bytearray)
    is_cut: bool = False

    def add(self, blob: str) -> None:
        try:
            data = base64.b64decode(blob, validate=True)
        except (binascii.Error, ValueError):
            self.is_cut = True
            return
        room = MAX_CLIPBOARD_BYTES - len(self.data)
        self.is_cut |= len(data) > room
        self.data += data[:room]


class Streams:
    """Takes instructions in their order; `cut_count` clipboards or names were longer than is kept, or damaged."""

    def __init__(self) -> None:
        self._clipboards: dict[str, _Clipboard] = {}
        self.cut_count = 0

    def take(self, instruction: Instruction, at_ms: int) -> Iterator[Span]:
        """The next instruction that happened at `at_ms`; gives what it completed."""
        opcode, args = instruction.opcode, instruction.args
        if opcode in _STREAM_ARGUMENT and len(args) > _STREAM_ARGUMENT[opcode]:
            yield from self._ended(args[_STREAM_ARGUMENT[opcode]], at_ms, instruction.start, whole=False)
            yield from self._opened(instruction, at_ms)
        elif opcode == Opcode.BLOB and len(args) > 1 and args[0] in self._clipboards:
            self._clipboards[args[0]].add(args[1])
        elif opcode == Opcode.END and args:
            yield from self._ended(args[0], at_ms, instruction.end, whole=True)

    def finish(self, at_ms: int, end_byte: int) -> Iterator[Span]:
        """The recording is over: gives what came of the clipboards that are still open."""
        for number in list(self._clipboards):
            yield from self._ended(number, at_ms, end_byte, whole=False)

    def _opened(self, instruction: Instruction, at_ms: int) -> Iterator[Span]:
        opcode, args = instruction.opcode, instruction.args
        if opcode == Opcode.CLIPBOARD and len(args) > 1:
            if args[1].startswith("text/") and len(self._clipboards) < _MAX_OPEN:
                self._clipboards[args[0]] = _Clipboard(at_ms, instruction.start)
        elif opcode in _NAMED and len(args) > _NAMED[opcode][1]:
            mimetype, name = (args[index] for index in _NAMED[opcode])
            if mimetype != _LISTING and name.strip():
                self.cut_count += len(name) > MAX_NAME
                yield _span(SpanSource.FILE, name[:MAX_NAME], (at_ms, at_ms), (instruction.start, instruction.end))

    def _ended(self, number: str, at_ms: int, end_byte: int, *, whole: bool) -> Iterator[Span]:
        clipboard = self._clipboards.pop(number, None)
        if clipboard is None:
            return
        self.cut_count += clipboard.is_cut or not whole
        for text in _pieces(clipboard.data.decode(errors="replace")):
            times, place = (clipboard.start_ms, at_ms), (clipboard.start_byte, end_byte)
            yield _span(SpanSource.CLIPBOARD, text, times, place)


def _pieces(text: str) -> Iterator[str]:
    """The text in parts of at most MAX_SPAN_TEXT characters, cut behind a blank where there is one."""
    text = text.strip()
    while text:
        cut = len(text)
        if cut > MAX_SPAN_TEXT:
            cut = max(text.rfind(blank, 1, MAX_SPAN_TEXT) for blank in " \n")
            cut = cut if cut > 0 else MAX_SPAN_TEXT
        yield text[:cut]
        text = text[cut:].lstrip()


def _span(source: SpanSource, text: str, times: tuple[int, int], place: tuple[int, int]) -> Span:
    return Span(
        text=text,
        box=NOWHERE,
        start_ms=times[0],
        end_ms=max(times[1], times[0] + 1),
        confidence=1.0,
        keyframe=NO_KEYFRAME,
        start_byte=place[0],
        end_byte=place[1],
        source=source,
    )
