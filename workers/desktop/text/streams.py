"""Extract clipboard text and file names from the streams of the original.

A stream number is free again after its `end`, for the next stream that is opened. The operator's streams have a range
of numbers (`gateway.core.desktop.operator_streams`); all others are guacd's.
"""

from collections.abc import Iterator
from typing import Final

from gateway.core.desktop import operator_streams
from gateway.core.desktop.guac import Instruction
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.desktop.operator_streams import SentFacts, is_operators, unquoted
from gateway.core.recording.transfer import Direction
from gateway.renditions.spans import Span
from workers.desktop.text.content_types import content_type
from workers.desktop.text.transfers import ClipboardStream, FileStream, Moment

# Clipboards open at once: twice the streams that guacd 1.3 has per user, or that the gateway lets a browser open.
_MAX_CLIPBOARDS: Final = 128
# guacd has 512 streams per client and 512 per user. An operator's file is kept until its number is reused.
_MAX_FILES: Final = 2048
# A `body` of this type is a folder listing and not a file (Guacamole manual, "body").
_LISTING: Final = "application/vnd.glyptodon.guacamole.stream-index+json"

# Opcodes that open a stream, and which argument is its number (Guacamole manual, "Streaming instructions").
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
# Opcodes that name a file, and which arguments are its type and its name.
_NAMED: Final[dict[str, tuple[int, int]]] = {Opcode.FILE: (1, 2), Opcode.BODY: (2, 3), Opcode.PUT: (2, 3)}
_SUCCESS: Final = "0"


class Streams:
    """Process instructions in order. `is_live`: anything that is not from the operator certainly came from the target.

    `cut_count` clipboards or names were longer than is kept, or damaged; the policy kept the content of
    `withheld_count` clipboards out of the recording.
    """

    def __init__(self, *, is_live: bool = False) -> None:
        self._clipboards: dict[str, ClipboardStream] = {}
        self._files: dict[str, FileStream] = {}
        self._not_operators = Direction.FROM_TARGET if is_live else None
        self.cut_count = 0
        self.withheld_count = 0

    def take(self, instruction: Instruction, at_ms: int) -> Iterator[Span]:
        """Process the next instruction, at `at_ms`; yield the spans it completed."""
        opcode, args = instruction.opcode, instruction.args
        if opcode in _STREAM_ARGUMENT and len(args) > _STREAM_ARGUMENT[opcode]:
            yield from self._replaced(args[_STREAM_ARGUMENT[opcode]], Moment(at_ms, instruction.start))
            yield from self._opened(instruction, at_ms)
        elif opcode == Opcode.BLOB and len(args) > 1:
            self._add(args[0], args[1], Moment(at_ms, instruction.end))
        elif opcode == Opcode.END and args:
            yield from self._ended(args, Moment(at_ms, instruction.end))
        elif opcode == Opcode.ACK and len(args) > 2 and args[2] != _SUCCESS:  # noqa: PLR2004 - the third is the status
            self._refused(operator_streams.as_recorded(args[0]))

    def finish(self, at_ms: int, end_byte: int) -> Iterator[Span]:
        """Return the spans of streams still open at the end of the recording."""
        for number in [*self._clipboards, *self._files]:
            yield from self._replaced(number, Moment(at_ms, end_byte))

    def _opened(self, instruction: Instruction, at_ms: int) -> Iterator[Span]:
        opcode, args = instruction.opcode, instruction.args
        if opcode == Opcode.CLIPBOARD and len(args) > 1:
            self._open_clipboard(args[0], args[1], Moment(at_ms, instruction.start))
        elif opcode in _NAMED and len(args) > _NAMED[opcode][1]:
            yield from self._open_file(instruction, at_ms)

    def _open_clipboard(self, number: str, mimetype: str, begun: Moment) -> None:
        if is_operators(number):
            mimetype = unquoted(mimetype)
        kind = content_type(mimetype)
        if not kind.is_text:
            return
        if len(self._clipboards) >= _MAX_CLIPBOARDS:
            self.cut_count += 1
            return
        self._clipboards[number] = ClipboardStream(self._direction(number), mimetype, kind, begun)

    def _open_file(self, instruction: Instruction, at_ms: int) -> Iterator[Span]:
        opcode, args = instruction.opcode, instruction.args
        number = args[_STREAM_ARGUMENT[opcode]]
        mimetype, name = (args[index] for index in _NAMED[opcode])
        if is_operators(number):
            mimetype, name = unquoted(mimetype), unquoted(name)
        if content_type(mimetype).media_type == _LISTING or not name.strip():
            return
        # Only clients send `put`: guacd answers `get` with `body`.
        direction = Direction.TO_TARGET if opcode == Opcode.PUT else self._direction(number)
        place = Moment(at_ms, instruction.start), Moment(at_ms, instruction.end)
        file = FileStream(direction, mimetype, place, name)
        self.cut_count += file.is_cut
        if len(self._files) < _MAX_FILES:
            self._files[number] = file
        else:
            yield file.span()

    def _direction(self, number: str) -> Direction | None:
        return Direction.TO_TARGET if is_operators(number) else self._not_operators

    def _add(self, number: str, text: str, seen: Moment) -> None:
        if number in self._clipboards:
            self._clipboards[number].add(text)
        elif number in self._files:
            self._files[number].add(text, seen)

    def _ended(self, args: tuple[str, ...], ended: Moment) -> Iterator[Span]:
        number = args[0]
        facts = operator_streams.facts_of(args) if is_operators(number) else SentFacts()
        if number in self._clipboards:
            self._clipboards[number].end(facts)
            yield from self._replaced(number, ended)
        elif number in self._files:
            self._files[number].end(ended, facts)
            if not is_operators(number):
                yield self._files.pop(number).span()

    def _refused(self, number: str) -> None:
        """Handle a refused file. guacd may refuse it after its `end`, which is why the operator's files are kept."""
        if number in self._files:
            self._files[number].is_refused = True

    def _replaced(self, number: str, ended: Moment) -> Iterator[Span]:
        """Handle reuse of a number; return the spans of the stream it belonged to."""
        if clipboard := self._clipboards.pop(number, None):
            self.cut_count += clipboard.is_cut
            self.withheld_count += clipboard.is_withheld
            yield from clipboard.spans(ended)
        if file := self._files.pop(number, None):
            yield file.span()
