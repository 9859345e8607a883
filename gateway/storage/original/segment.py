"""A segment being written: encrypted, cut into chunks, digested.

Callers: `writer`. `write` and what reads the chunks may be different threads.
"""

import errno
import hashlib
import threading
import time
from pathlib import Path
from typing import Final

from gateway.core.recording.entries import Chunk, SegmentClosed
from gateway.storage.encryption import Encryptor
from gateway.storage.original.append import AppendFile
from gateway.storage.original.attest import Attest

# What one digest vouches for at most, so that damage is told this closely.
CHUNK_BYTES: Final = 2**20


class SegmentFile(AppendFile):
    """One record for each write. Sizes, digests and counts are of what has really been written."""

    def __init__(self, folder: Path, name: str, number: int, attest: Attest) -> None:
        """Raises OSError."""
        super().__init__(folder / name)
        self.number = number
        self.size_bytes = 0
        self.frame_count = 0
        self._begun = time.monotonic()
        self._counting = threading.Lock()
        self._new_digest = attest.digest
        self._stored = hashlib.sha256()
        self._chunks: list[Chunk] = []
        self._chunk_start = 0
        self._chunk = attest.digest()
        self._is_torn = self._is_unsafe = False
        self._encryptor = Encryptor(attest.data_key, name)
        self._put(self._encryptor.header())

    @property
    def age_seconds(self) -> float:
        """Seconds since it was begun."""
        return time.monotonic() - self._begun

    def write(self, data: bytes, frames: int = 0) -> None:
        """Append the content's next bytes, so many frames, as one record. Raises OSError; the file is to be left then."""
        self._put(self._encryptor.seal(data))
        with self._counting:
            self._count(memoryview(data))
            self.frame_count += frames

    def cut(self) -> list[Chunk]:
        """The chunks of what has been written since the last cut; they count once they are on disk."""
        with self._counting:
            if self.size_bytes > self._chunk_start:
                self._end_chunk()
            chunks, self._chunks = self._chunks, []
        return chunks

    def finish(self) -> SegmentClosed:
        """Write the last record, sync and close; returns the manifest's line. Raises OSError."""
        self._put(self._encryptor.finish())
        self.sync()
        self.look()
        self.close()
        return SegmentClosed(self.number, self.size_bytes, self.stored_bytes, self._stored.hexdigest())

    def sync(self) -> None:
        """As any file's; but once it has failed it never succeeds again (the kernel forgets what it could not write)."""
        if self._is_unsafe:
            raise OSError(errno.EIO, "an earlier sync failed")
        self._is_unsafe = True
        super().sync()
        self._is_unsafe = False

    def _put(self, stored: bytes) -> None:
        """Nothing is put behind what a failed write left: the records before it are what can be read."""
        if self._is_torn:
            raise OSError(errno.EIO, "an earlier write failed")
        self._is_torn = True
        self.append(stored)
        self._is_torn = False
        self._stored.update(stored)

    def _count(self, data: memoryview) -> None:
        while data:
            piece = data[: CHUNK_BYTES - (self.size_bytes - self._chunk_start)]
            self._chunk.update(piece)
            self.size_bytes += len(piece)
            if self.size_bytes - self._chunk_start == CHUNK_BYTES:
                self._end_chunk()
            data = data[len(piece) :]

    def _end_chunk(self) -> None:
        self._chunks.append(Chunk(self.number, self._chunk_start, self.size_bytes, self._chunk.hexdigest()))
        self._chunk_start, self._chunk = self.size_bytes, self._new_digest()
