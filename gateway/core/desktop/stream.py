"""A desktop's stream: Guacamole instructions, timed by `sync`s and events."""

from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import NEED_DATA, GuacParser
from gateway.core.desktop.guac.errors import GuacProtocolError


class DesktopStream:
    """Offers `gateway.core.recording.stream.Stream`."""

    def __init__(self) -> None:
        self._clock = SessionClock()

    @property
    def duration_ms(self) -> int:
        """When the latest instruction happened."""
        return self._clock.offset_ms

    @property
    def is_shown(self) -> bool:
        """Whether there is any frame: one ends with a `sync`."""
        return self._clock.sync_count > 0

    def next_segment(self) -> "DesktopSegment":
        """Begin the next segment."""
        return DesktopSegment(self._clock)


class DesktopSegment:
    """Pass a segment's instructions to the recording's clock; stop, and say why, at invalid protocol."""

    def __init__(self, clock: SessionClock) -> None:
        self.first_ms: int | None = None
        self.last_ms: int | None = None
        self.fault: str | None = None
        self._clock = clock
        self._parser = GuacParser()

    @property
    def pending_bytes(self) -> int:
        """Bytes after the last whole instruction."""
        return self._parser.pending_bytes

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes; return the whole instructions that they complete."""
        if self.fault is not None:
            return b""
        try:
            self._feed(data)
        except GuacProtocolError as error:
            self.fault = str(error)
        return self._parser.taken

    def _feed(self, data: bytes) -> None:
        self._parser.feed(data)
        while (instruction := self._parser.next_instruction()) is not NEED_DATA:
            before = self._clock.stamp_count
            self._clock.take(instruction)
            if self._clock.stamp_count > before:
                self.last_ms = self._clock.offset_ms
                self.first_ms = self.last_ms if self.first_ms is None else self.first_ms
