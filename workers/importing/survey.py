"""Inspect a file before importing it: whether it is a recording, how long it is, when it began.

As strict as rendering and no stricter: a damaged file is imported as far as it goes, because it is evidence all the
same.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import NEED_DATA, GuacParser
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.errors import InvalidInputError
from gateway.storage.local import read_range

# guacd's clock is the machine's time of day in some versions and the time since its start in others. Guacamole's first
# release was in 2010; what lies between then and now is a time of day.
_EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Survey:
    """The result. `sha256` (hex) is over the whole file; `first_ms` is the first timestamp, on guacd's clock.

    `damage` says why nothing after a certain byte can be read, if so.
    """

    size_bytes: int
    sha256: str
    first_ms: int
    duration_ms: int
    modified_at: datetime
    damage: str | None

    @property
    def started_at(self) -> datetime:
        """The best guess: guacd's clock if it tells the time of day, otherwise counted back from the modification time."""
        return self._by_clock or self.modified_at - timedelta(milliseconds=self.duration_ms)

    @property
    def is_start_guessed(self) -> bool:
        """Whether the start is counted back from the modification time, which copying a file may have set."""
        return self._by_clock is None

    @property
    def _by_clock(self) -> datetime | None:
        latest = self.modified_at + timedelta(days=1)
        by_clock = datetime.fromtimestamp(min(self.first_ms / 1000, latest.timestamp() + 1), UTC)
        return by_clock if _EARLIEST <= by_clock <= latest else None


def survey(source: Path, progress: Callable[[float], None]) -> Survey:
    """Read the whole file. Raises InvalidInputError, saying what is wrong, if it contains no recording."""
    size = source.stat().st_size
    if size == 0:
        raise InvalidInputError("the file is empty")
    digest, reading, read = hashlib.sha256(), _Reading(), 0
    for piece in read_range(source):
        digest.update(piece)
        read += len(piece)
        reading.feed(piece)
        progress(min(1.0, read / size))
    if not reading.is_recording:
        raise InvalidInputError(f"not a Guacamole recording: {reading.damage or 'it shows nothing'}")
    modified_at = datetime.fromtimestamp(source.stat().st_mtime, UTC)
    clock = reading.clock
    return Survey(read, digest.hexdigest(), clock.first_ms or 0, clock.offset_ms, modified_at, reading.damage)


class _Reading:
    """Pass the instructions to the clock, up to where the file stops being valid protocol."""

    def __init__(self) -> None:
        self.clock = SessionClock()
        self.damage: str | None = None
        self._parser = GuacParser()
        self._has_size = False

    @property
    def is_recording(self) -> bool:
        """Whether a screen was shown, or something happened at a known time."""
        return self.clock.stamp_count > self.clock.sync_count or (self._has_size and self.clock.sync_count > 0)

    def feed(self, piece: bytes) -> None:
        if self.damage is not None:
            return
        try:
            self._parser.feed(piece)
            while (instruction := self._parser.next_instruction()) is not NEED_DATA:
                self.clock.take(instruction)
                self._has_size |= instruction.opcode == Opcode.SIZE and instruction.args[:1] == ("0",)
        except GuacProtocolError as error:
            self.damage = str(error)
