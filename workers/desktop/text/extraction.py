"""One pass over the original: typed lines, clipboard texts and file names, on the renderer's clock.

Memory is bounded: spans are passed on as they end.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final

from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import NEED_DATA, GuacParser, Instruction
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.renditions.spans import Span
from workers.desktop.text.streams import Streams
from workers.desktop.text.typed import KeyPress, Typing

# A person types and copies a tenth of this in a working day. What a hostile stream has beyond it is only counted.
MAX_SPANS: Final = 100_000
# The index stage holds all text of a recording in memory. 80 full clipboards of guacd fit.
MAX_CHARACTERS: Final = 20_000_000
# Left, middle and right button (Guacamole manual, "mouse"); the wheel does not move the caret.
_BUTTONS: Final = 0b111
# A keysym has at most 29 bits.
_NUMBER: Final = re.compile(r"[0-9]{1,10}\Z", re.ASCII)


@dataclass
class Extracted:
    """Number of spans of each source, of those cut short, and of those dropped beyond the limits.

    `withheld`: clipboards whose content is not recorded by policy.
    """

    keys: int = 0
    clipboard: int = 0
    file: int = 0
    cut: int = 0
    withheld: int = 0
    dropped: int = 0

    @property
    def count(self) -> int:
        """Number of spans passed to `keep`."""
        return self.keys + self.clipboard + self.file

    def as_dict(self) -> dict[str, int]:
        """Return the values for a JSON column."""
        return asdict(self)


def extract(
    chunks: Iterable[bytes],
    *,
    keep: Callable[[Span], None],
    progress: Callable[[int], None] = lambda _: None,
    is_live: bool = False,
) -> Extracted:
    """Call `keep` with each span when it has ended, and `progress` with the number of bytes done.

    `is_live`: recorded by the gateway, which separates data from the target and data from the operator. Like rendering,
    extraction stops where the original stops being valid protocol.
    """
    extracted, reader = Extracted(), _Reader(Streams(is_live=is_live))
    characters = 0
    for span in reader.spans(chunks, progress):
        characters += len(span.text)
        if extracted.count >= MAX_SPANS or characters > MAX_CHARACTERS:
            extracted.dropped += 1
            continue
        setattr(extracted, span.source, getattr(extracted, span.source) + 1)
        keep(span)
    extracted.cut, extracted.withheld = reader.streams.cut_count, reader.streams.withheld_count
    return extracted


class _Reader:
    def __init__(self, streams: Streams) -> None:
        self._parser = GuacParser()
        self._clock = SessionClock()
        self._typing = Typing()
        self.streams = streams
        self._buttons = 0

    def spans(self, chunks: Iterable[bytes], progress: Callable[[int], None]) -> Iterator[Span]:
        done = 0
        with suppress(GuacProtocolError):  # the renderer reports where and why
            for chunk in chunks:
                self._parser.feed(chunk)
                while (instruction := self._parser.next_instruction()) is not NEED_DATA:
                    yield from self._take(instruction)
                done += len(chunk)
                progress(done)
        yield from _given(self._typing.end())
        yield from self.streams.finish(self._clock.offset_ms, self._parser.offset)

    def _take(self, instruction: Instruction) -> Iterator[Span]:
        at_ms = self._clock.take(instruction)
        if instruction.opcode == Opcode.KEY:
            yield from self._key(instruction, at_ms)
        elif instruction.opcode == Opcode.MOUSE:
            yield from self._mouse(instruction.args)
        else:
            yield from self.streams.take(instruction, at_ms)

    def _key(self, instruction: Instruction, at_ms: int) -> Iterator[Span]:
        """`key,keysym,pressed,timestamp`."""
        args = instruction.args
        if len(args) > 1 and _NUMBER.match(args[0]):
            event = KeyPress(int(args[0]), args[1] == "1", at_ms, instruction.start, instruction.end)
            yield from _given(self._typing.key(event))

    def _mouse(self, args: tuple[str, ...]) -> Iterator[Span]:
        """End the line at a click, which moves the caret: `mouse,x,y,mask,timestamp`."""
        mask = int(args[2]) & _BUTTONS if len(args) > 2 and _NUMBER.match(args[2]) else 0  # noqa: PLR2004 - as above
        pressed, self._buttons = mask & ~self._buttons, mask
        if pressed:
            yield from _given(self._typing.end())


def _given(span: Span | None) -> Iterator[Span]:
    if span is not None:
        yield span
