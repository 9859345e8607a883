"""The interface of a stream format, so that sealing and reading need not know what is recorded.

Pure: bytes in, findings out. Nothing raises on content: a recording is evidence, whatever is wrong with it.
"""

from typing import Protocol


class StreamSegment(Protocol):
    """One segment, read from its first byte, which begins a unit: an instruction, an event, a line."""

    @property
    def first_ms(self) -> int | None:
        """When the first unit with a time happened, in ms of the recording; None if none has one."""

    @property
    def last_ms(self) -> int | None:
        """When the last unit with a time happened."""

    @property
    def pending_bytes(self) -> int:
        """Bytes after the last whole unit: a torn tail at the end of the segment."""

    @property
    def fault(self) -> str | None:
        """Why nothing after a certain byte can be read; None while everything could."""

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes; return the whole units that they complete, and nothing once there is a `fault`."""


class Stream(Protocol):
    """A whole recording, segment after segment, on one clock."""

    @property
    def duration_ms(self) -> int:
        """When the latest unit happened."""

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show so far."""

    def next_segment(self) -> StreamSegment:
        """Begin the next segment. An earlier one, whole or damaged, is over."""
