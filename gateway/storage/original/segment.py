"""A segment being written: encrypted, cut into chunks, digested.

`write` and the reader of the chunks may be different threads.
"""

import errno
import hashlib
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

from gateway.core.recording.entries import Chunk, SegmentClosed
from gateway.storage.encryption import Encryptor
from gateway.storage.original.append import AppendFile
from gateway.storage.original.attest import Attest

# Most bytes covered by one digest, so that damage is located this precisely.
CHUNK_BYTES: Final = 2**20
# Bytes digested at once: enough that Python releases its lock meanwhile, and that small writes cost little.
_DIGEST_BYTES: Final = 64 * 1024


class SegmentFile(AppendFile):
    """One record for each write. Sizes, digests and counts cover what was actually written.

    Digests are computed after the writes, at the latest when chunks are cut, so that no write waits for them.
    """

    def __init__(self, folder: Path, name: str, number: int, attest: Attest) -> None:
        """Raises OSError."""
        super().__init__(folder / name)
        self.number = number
        self.size_bytes = 0
        self.unit_count = 0
        self._begun = time.monotonic()
        self._digesting = threading.Lock()
        self._new_digest = attest.digest
        self._stored = hashlib.sha256()
        # Content and its stored form. The writing thread appends; whoever holds the lock removes.
        self._undigested: deque[tuple[bytes, bytes]] = deque()
        self._digested_bytes = 0  # of the content
        self._chunks: list[Chunk] = []
        self._chunk_start = 0
        self._chunk = attest.digest()
        self._is_torn = self._is_unsafe = False
        self._encryptor = Encryptor(attest.data_key, name)
        self._put(self._encryptor.header())

    @property
    def age_seconds(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._begun

    def write(self, data: bytes, units: int = 0) -> None:
        """Append the next content bytes and their unit count as one record. Raises OSError; then leave the file."""
        self.digest_when_due(CHUNK_BYTES)  # bounds memory even if the caller never digests
        self._put(self._encryptor.seal(data), data)
        self.size_bytes += len(data)
        self.unit_count += units

    def digest_when_due(self, due_bytes: int = _DIGEST_BYTES) -> None:
        """Digest what was written, if there is enough of it."""
        if self.size_bytes - self._digested_bytes >= due_bytes:
            with self._digesting:
                self._digest()

    def cut(self) -> list[Chunk]:
        """Return the chunks written since the last cut; they count once they are on disk."""
        with self._digesting:
            self._digest()
            if self._digested_bytes > self._chunk_start:
                self._end_chunk()
            chunks, self._chunks = self._chunks, []
        return chunks

    def finish(self) -> SegmentClosed:
        """Write the last record, sync and close; return the manifest's entry. Raises OSError."""
        self._put(self._encryptor.finish())
        with self._digesting:
            self._digest()
        self.sync()
        self.check_unchanged()
        self.close()
        return SegmentClosed(self.number, self.size_bytes, self.stored_bytes, self._stored.hexdigest())

    def sync(self) -> None:
        """Sync. Once it has failed it never succeeds again (the kernel forgets what it could not write)."""
        if self._is_unsafe:
            raise OSError(errno.EIO, "an earlier sync failed")
        self._is_unsafe = True
        super().sync()
        self._is_unsafe = False

    def _put(self, stored: bytes, content: bytes = b"") -> None:
        """Append stored bytes, but nothing after a failed write: only the records before it are readable."""
        if self._is_torn:
            raise OSError(errno.EIO, "an earlier write failed")
        self._is_torn = True
        self.append(stored)
        self._is_torn = False
        self._undigested.append((content, stored))

    def _digest(self) -> None:
        """Digest everything pending as one update: each of many small ones would keep other threads from running."""
        pieces = [self._undigested.popleft() for _ in range(len(self._undigested))]
        self._stored.update(b"".join(stored for _, stored in pieces))
        content = memoryview(b"".join(content for content, _ in pieces))
        while content:
            piece = content[: self._chunk_start + CHUNK_BYTES - self._digested_bytes]
            self._chunk.update(piece)
            self._digested_bytes += len(piece)
            if self._digested_bytes - self._chunk_start == CHUNK_BYTES:
                self._end_chunk()
            content = content[len(piece) :]

    def _end_chunk(self) -> None:
        self._chunks.append(Chunk(self.number, self._chunk_start, self._digested_bytes, self._chunk.hexdigest()))
        self._chunk_start, self._chunk = self._digested_bytes, self._new_digest()
