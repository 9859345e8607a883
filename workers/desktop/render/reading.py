"""Read the original's instructions, in order, up to where it stops being valid protocol."""

from collections.abc import Callable, Iterable, Iterator

from gateway.core.desktop.guac import NEED_DATA, GuacParser, Instruction
from gateway.core.desktop.guac.errors import GuacProtocolError


class Reading:
    """Iterate once; `damage` and `torn_tail_bytes` then describe what could not be read."""

    def __init__(self, source: Iterable[bytes], progress: Callable[[int], None]) -> None:
        """`progress` is called with the number of bytes read so far."""
        self.damage: str | None = None
        """Why reading ended before the original did."""
        self._source = source
        self._progress = progress
        self._parser = GuacParser()

    def __iter__(self) -> Iterator[Instruction]:
        done = 0
        try:
            for chunk in self._source:
                self._parser.feed(chunk)
                while (instruction := self._parser.next_instruction()) is not NEED_DATA:
                    yield instruction
                done += len(chunk)
                self._progress(done)
        except GuacProtocolError as error:
            self.damage = f"not the Guacamole protocol: {error}"

    @property
    def torn_tail_bytes(self) -> int:
        """Number of bytes after the last complete instruction."""
        return 0 if self.damage else self._parser.pending_bytes
