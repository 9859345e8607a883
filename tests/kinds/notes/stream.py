"""The stream format, as core/notes would have it."""

import json
from collections.abc import Iterator
from typing import NamedTuple


class Note(NamedTuple):
    """One line."""

    at_ms: int
    text: str


def encode(note: Note) -> bytes:
    return json.dumps(note._asdict()).encode() + b"\n"


def decode(line: bytes) -> Note:
    """Raises ValueError, KeyError or TypeError."""
    values = json.loads(line)
    return Note(int(values["at_ms"]), str(values["text"]))


class NotesStream:
    """Offers `gateway.core.recording.stream.Stream`."""

    def __init__(self) -> None:
        self.duration_ms = 0
        self.is_shown = False

    def next_segment(self) -> "NotesSegment":
        return NotesSegment(self)

    def take(self, note: Note) -> None:
        self.duration_ms, self.is_shown = max(self.duration_ms, note.at_ms), True


class NotesSegment:
    """Lines until one is not a note."""

    def __init__(self, stream: NotesStream) -> None:
        self.first_ms: int | None = None
        self.last_ms: int | None = None
        self.fault: str | None = None
        self._stream = stream
        self._held = b""

    @property
    def pending_bytes(self) -> int:
        return len(self._held)

    def feed(self, data: bytes) -> bytes:
        if self.fault is not None:
            return b""
        *lines, self._held = (self._held + data).split(b"\n")
        return b"".join(self._whole(lines))

    def _whole(self, lines: list[bytes]) -> Iterator[bytes]:
        for line in lines:
            try:
                note = decode(line)
            except (ValueError, KeyError, TypeError):
                self.fault = f"not a note: {line[:40]!r}"
                return
            self._stream.take(note)
            self.last_ms = note.at_ms
            self.first_ms = note.at_ms if self.first_ms is None else self.first_ms
            yield line + b"\n"
