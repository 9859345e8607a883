"""Read one segment of an original."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.core.recording.entries import Chunk, Found
from gateway.core.recording.stream import StreamSegment
from gateway.keys.data_key import DataKey
from gateway.storage.encryption import Decryptor, TamperedError
from gateway.storage.local import read_range
from workers.seal.chunks import ChunkVerifier


@dataclass(frozen=True)
class FoundSegment:
    """A segment on disk; `name` is relative to the recording's folder, `first_ms` and `last_ms` are session times.

    `size_bytes` and `sha256` are of the readable content, `stored_*` of the file. `found` are bytes no chunk covers,
    `torn_bytes` those of an unfinished unit or (of the file) of an unfinished record.
    """

    number: int
    name: str
    size_bytes: int
    sha256: str
    stored_bytes: int
    stored_sha256: str
    first_ms: int | None
    last_ms: int | None
    torn_bytes: int
    fault: str | None
    found: Found | None


class SegmentReading:
    """One pass over a segment: digests, first and last time, whether it matches the chunks, how it ends."""

    def __init__(self, number: int, path: Path, folder: Path, key: DataKey, salt: bytes, stream: StreamSegment) -> None:
        self._number = number
        self._path = path
        self._name = str(path.relative_to(folder))
        self._decryptor = Decryptor(key, self._name)
        self._salt = salt
        self._stored, self._stored_bytes = hashlib.sha256(), 0
        self._stored_pieces = self._measured()
        self._content, self._size_bytes = hashlib.sha256(), 0
        self._fault: str | None = None
        self._stream = stream

    def read(self, pieces: tuple[Chunk | Found, ...], whole: "Iterable[hashlib._Hash]") -> FoundSegment:
        chunks = ChunkVerifier(pieces, self._salt)
        for content in self._contents():
            for digest in (self._content, *whole):
                digest.update(content)
            self._size_bytes += len(content)
            chunks.feed(content)
            self._stream.feed(content)
        for _rest in self._stored_pieces:  # nothing after damage can be read, but the digest is of the whole file
            pass
        return self._found(chunks)

    def _contents(self) -> Iterator[bytes]:
        try:
            for stored in self._stored_pieces:
                yield from self._decryptor.feed(stored)
            self._decryptor.finish(torn=True)
        except TamperedError as error:
            self._fault = str(error)

    def _measured(self) -> Iterator[bytes]:
        for stored in read_range(self._path):
            self._stored.update(stored)
            self._stored_bytes += len(stored)
            yield stored

    def _found(self, chunks: ChunkVerifier) -> FoundSegment:
        torn_bytes = self._stream.pending_bytes if self._stream.fault is None else 0
        if self._fault is None:
            torn_bytes += self._decryptor.torn_bytes
        return FoundSegment(
            self._number,
            self._name,
            self._size_bytes,
            self._content.hexdigest(),
            self._stored_bytes,
            self._stored.hexdigest(),
            self._stream.first_ms,
            self._stream.last_ms,
            torn_bytes,
            self._fault or chunks.fault(self._size_bytes) or self._stream.fault,
            chunks.rest(self._number, self._size_bytes),
        )
