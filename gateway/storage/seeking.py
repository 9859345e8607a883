"""Base of seekable files whose bytes are found by position."""

import io
from abc import abstractmethod


class SeekingFile(io.RawIOBase):
    """A file to read and seek in; subclasses read at `_at`, advance it, and say where the end is."""

    def __init__(self) -> None:
        self._at = 0

    @property
    @abstractmethod
    def size_bytes(self) -> int:
        """Where the end is."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size_bytes}[whence]
        self._at = max(0, origin + offset)
        return self._at
