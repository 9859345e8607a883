"""What can be known of a file before it is taken in: whether it is a recording, how long it is, when it began.

Callers: `workers.importing.intake`. One pass; nothing of the file is kept in memory.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.core.errors import InvalidInputError
from gateway.core.guac import NEED_DATA, GuacParser
from gateway.core.guac.errors import GuacProtocolError
from gateway.core.guac.opcodes import Opcode
from gateway.storage.local import read_range

# guacd's clock is the machine's time of day in some versions and the time since its start in others. Guacamole's first
# release was in 2010; what lies between then and now is a time of day.
_EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Survey:
    """What was found. `sha256` (hex) is over the whole file; syncs are guacd's clock in ms."""

    size_bytes: int
    sha256: str
    first_sync_ms: int
    last_sync_ms: int
    modified_at: datetime

    @property
    def started_at(self) -> datetime:
        """The best guess: guacd's clock where it tells the time of day, else counted back from the file's last change."""
        latest = self.modified_at + timedelta(days=1)
        by_clock = datetime.fromtimestamp(min(self.first_sync_ms / 1000, latest.timestamp() + 1), UTC)
        if _EARLIEST <= by_clock <= latest:
            return by_clock
        return self.modified_at - timedelta(milliseconds=max(0, self.last_sync_ms - self.first_sync_ms))


def survey(source: Path, progress: Callable[[float], None]) -> Survey:
    """Read the whole file. Raises InvalidInputError, saying what is wrong, when it is not a whole recording.

    A recording that ends in mid-instruction is taken: guacd was killed while it wrote it.
    """
    size = source.stat().st_size
    if size == 0:
        raise InvalidInputError("the file is empty")
    digest, has_size = hashlib.sha256(), False
    syncs: list[int] = []
    parser, read = GuacParser(), 0
    for piece in read_range(source):
        digest.update(piece)
        read += len(piece)
        for opcode, args in _instructions(parser, piece):
            has_size = has_size or (opcode == Opcode.SIZE and args[:1] == ("0",))
            if opcode == Opcode.SYNC:
                syncs = [*syncs[:1], _sync_ms(args)]
        progress(min(1.0, read / size))
    if not syncs or not has_size:
        raise InvalidInputError("not a Guacamole recording: it shows nothing")
    modified_at = datetime.fromtimestamp(source.stat().st_mtime, UTC)
    return Survey(read, digest.hexdigest(), syncs[0], syncs[-1], modified_at)


def _instructions(parser: GuacParser, piece: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        parser.feed(piece)
        while (instruction := parser.next_instruction()) is not NEED_DATA:
            yield instruction.opcode, instruction.args
    except GuacProtocolError as error:
        raise InvalidInputError(f"not a Guacamole recording: {error}") from error


def _sync_ms(args: tuple[str, ...]) -> int:
    if not args or not args[0].isdecimal() or len(args[0]) > 15:  # noqa: PLR2004 - digits of a millisecond clock
        raise InvalidInputError("not a Guacamole recording: a sync without a time")
    return int(args[0])
