"""The manifest of a recording being written: the only place that writes its lines."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from gateway.core.recording.chain import Chain, Head
from gateway.core.recording.entries import Chunk, Entry
from gateway.db.columns import utc_now
from gateway.storage.original.append import AppendFile

# A checkpoint after at most this time with anything recorded (leaving the interval of a sync), and this many bytes.
CHECKPOINT_SECONDS: Final = 8.0
CHECKPOINT_BYTES: Final = 4 * 2**20


class ManifestFile(AppendFile):
    """Whole lines only: a partly written line is removed, so that later lines do not follow a fragment."""

    def __init__(self, path: Path, chain: Chain) -> None:
        super().__init__(path)
        self._chain = chain
        self._writing = threading.Lock()
        self._is_torn = False
        self._synced_bytes = 0
        self._unsynced = bytearray()
        self._signed_at = time.monotonic()
        self._unsigned_bytes = 0

    @property
    def head(self) -> Head:
        """The end of the manifest, counting only written lines."""
        return self._chain.head

    @property
    def is_due(self) -> bool:
        """Whether a checkpoint is due."""
        return bool(self._chain.unsigned_lines) and time.monotonic() - self._signed_at >= CHECKPOINT_SECONDS

    def note(self, entry: Entry) -> None:
        """Append the entry's line. If it would exceed a checkpoint's bytes, sign the lines before it. Raises OSError."""
        with self._writing:
            size = entry.end - entry.start if isinstance(entry, Chunk) else 0
            if self._unsigned_bytes + size > CHECKPOINT_BYTES:
                self._sign()
            self._line(entry)
            self._unsigned_bytes += size

    def checkpoint(self) -> None:
        """Sign all lines so far, and wait until they are on disk. Raises OSError."""
        with self._writing:
            if self._chain.unsigned_lines:
                self._sign()
        self.sync()

    def sync(self) -> None:
        """Wait until all lines are on disk. Raises OSError; the next attempt rewrites what could not be synced."""
        with self._writing:
            if self._is_torn:
                self._mend()
            until = len(self._unsynced)
        try:
            super().sync()
        except OSError:
            with self._writing:  # the kernel may have forgotten them: fsync(2) reports an error once
                self._is_torn, self.stored_bytes = True, self._synced_bytes
            raise
        with self._writing:
            self._synced_bytes += until
            del self._unsynced[:until]

    def _sign(self) -> None:
        self._line(self._chain.checkpoint(utc_now()))
        self._signed_at, self._unsigned_bytes = time.monotonic(), 0

    def _line(self, entry: Entry) -> None:
        if self._is_torn:
            self._mend()
        line = self._chain.line(entry)
        self._put(line)
        self._unsynced += line
        self._chain.take(entry, line)

    def _put(self, data: bytes) -> None:
        self._is_torn = True
        try:
            self.append(data)
        except OSError:
            with suppress(OSError):  # the next line tries again, and sealing removes a torn last line
                self.take_back()
            raise
        self._is_torn = False

    def _mend(self) -> None:
        """Remove what a failed write left, and rewrite the lines that are not known to be on disk."""
        self.take_back()
        if self.stored_bytes == self._synced_bytes:
            self._put(bytes(self._unsynced))
