"""Files that are only ever appended to, and the writing of bytes that must not go missing.

Callers: `gateway.tunnel.recorder`. Writes go to the page cache, in the event loop (microseconds); what takes long, fsync,
is called from a thread.
"""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from gateway.core.recording.manifest import SegmentClosed

FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


def fsync_folder(path: Path) -> None:
    """Make the names in a folder last (fsync(2): a file's own fsync does not cover its directory entry)."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class AppendFile:
    """A new file, mode 0600."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, also when the file is there already."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor: int | None = os.open(path, flags, _FILE_MODE)
        self._is_dirty = True

    @property
    def _open(self) -> int:
        if self._descriptor is None:
            raise OSError(None, "the file is closed")
        return self._descriptor

    def write(self, data: bytes) -> None:
        """Append all of `data`. Raises OSError; a part that was written (disk full in the middle) then stays."""
        rest = memoryview(data)
        while rest:
            count = os.write(self._open, rest)
            self._is_dirty = True
            self._count(rest[:count])
            rest = rest[count:]

    def _count(self, written: memoryview) -> None:
        """What has really been written, piece by piece."""

    def sync(self) -> None:
        """Wait until what was written before the call is on disk. Raises OSError."""
        if self._is_dirty:
            self._is_dirty = False  # before the call: bytes written meanwhile need the next one
            os.fsync(self._open)

    def close(self) -> None:
        """Let go of the file as it is. May be called again."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):  # an error here is that of an earlier write; fsync has reported or will report it
                os.close(descriptor)


class ManifestFile(AppendFile):
    """Whole lines only: a line that did not fit is taken back, so that a later one does not stand on its rest."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._whole_bytes = 0

    def write(self, data: bytes) -> None:
        """Append one line. Raises OSError."""
        try:
            super().write(data)
        except OSError:
            os.ftruncate(self._open, self._whole_bytes)
            raise
        self._whole_bytes += len(data)


class SegmentFile(AppendFile):
    """A segment being written: its size and digest are those of the bytes that have really been written."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(path)
        self.number = number
        self.size_bytes = 0
        self._begun = time.monotonic()
        self._hash = hashlib.sha256()

    @property
    def age_seconds(self) -> float:
        """Seconds since it was begun."""
        return time.monotonic() - self._begun

    def _count(self, written: memoryview) -> None:
        self.size_bytes += len(written)
        self._hash.update(written)

    def finish(self) -> SegmentClosed:
        """Sync and close; returns the manifest's line. Raises OSError."""
        self.sync()
        self.close()
        return SegmentClosed(self.number, self.size_bytes, self._hash.hexdigest())
