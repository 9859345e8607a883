"""Append-only files, with durable writes."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


def fsync_folder(path: Path) -> None:
    """Make the names in a folder durable (fsync(2): a file's own fsync does not cover its directory entry)."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class AppendFile:
    """A new file, mode 0600. `stored_bytes` counts completely written data, not what a failed write left behind."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, also if the file exists."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor: int | None = os.open(path, flags, _FILE_MODE)
        self._name = path.name
        self._is_dirty = True
        self.stored_bytes = 0

    def append(self, data: bytes) -> None:
        """Append all of `data`. Raises OSError; a partial write (disk full in the middle) may then remain."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._open, rest) :]
            self._is_dirty = True
        self.stored_bytes += len(data)

    def take_back(self) -> None:
        """Remove what a failed write left behind. Raises OSError."""
        os.ftruncate(self._open, self.stored_bytes)

    def sync(self) -> None:
        """Wait until what was written before the call is on disk. Raises OSError."""
        if self._is_dirty:
            self._is_dirty = False  # before the call: bytes written meanwhile need the next one
            os.fsync(self._open)

    def check_unchanged(self) -> None:
        """Raise OSError if the file has lost its name or bytes: something else has changed it."""
        known_bytes = self.stored_bytes
        found = os.fstat(self._open)
        if not found.st_nlink or found.st_size < known_bytes:
            raise OSError(errno.ESTALE, f"{self._name} was removed or truncated while it was written")

    def close(self) -> None:
        """Close the file as it is. May be called again."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):  # an error here is that of an earlier write; fsync has reported or will report it
                os.close(descriptor)

    @property
    def _open(self) -> int:
        if self._descriptor is None:
            raise OSError(errno.EBADF, f"{self._name} is closed")
        return self._descriptor
