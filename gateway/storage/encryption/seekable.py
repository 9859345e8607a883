"""An encrypted file as a seekable one, for formats that need random access (ZIP)."""

import io
from bisect import bisect_right
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from gateway.keys.data_key import DataKey
from gateway.storage.encryption.layout import (
    HEADER_BYTES,
    LENGTH,
    OVERHEAD_BYTES,
    FileCipher,
    TamperedError,
)
from gateway.storage.seeking import SeekingFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class DecryptingFile(SeekingFile):
    """Read the content of `source`, only where it is accessed. Reads raise TamperedError.

    Every record is authenticated when it is read, and so is which of them is the last: a truncated file is detected as
    soon as its end is read.
    """

    def __init__(self, source: BinaryIO, key: DataKey, name: str) -> None:
        """`source` is closed with this. Raises TamperedError for a header that does not fit."""
        super().__init__()
        self._source = source
        source.seek(0)
        self._cipher = FileCipher.of_header(key, name, source.read(HEADER_BYTES))
        stored_bytes = source.seek(0, io.SEEK_END)
        pieces = self._cipher.piece_bytes
        self._records: _Records = (
            _Equal(pieces, stored_bytes) if pieces else _Walked(source, self._cipher, stored_bytes)
        )
        self._held: tuple[int, bytes] = (-1, b"")

    @property
    def size_bytes(self) -> int:
        return self._records.content_bytes

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read up to the end of the current record: fewer bytes than requested do not mean the end."""
        if self._at >= self._records.content_bytes and self._records.count:
            self._content(self._records.count - 1)  # nothing is there, if that really is the end
            return 0
        record = self._records.find(self._at)
        part = self._content(record.number)[self._at - record.content_start :]
        view = memoryview(buffer)
        length = min(len(view), len(part))
        view[:length] = part[:length]
        self._at += length
        return length

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()

    def _content(self, number: int) -> bytes:
        """Return a record's content; the last one is cached, for reads smaller than it."""
        if self._held[0] != number:
            self._held = (number, self._read(self._records.record(number)))
        return self._held[1]

    def _read(self, record: "_Record") -> bytes:
        self._source.seek(record.start)
        sealed = self._source.read(record.end - record.start)
        is_last = record.number == self._records.count - 1
        if len(sealed) < OVERHEAD_BYTES:
            raise TamperedError(self._cipher.name, record.start, record.end, "it ends before its last record")
        size, last = self._cipher.sealed_bytes(sealed[: LENGTH.size], record.start)
        if last != is_last or size != len(sealed) - LENGTH.size:
            what = "it ends before its last record" if is_last else f"the length of record {record.number} was altered"
            raise TamperedError(self._cipher.name, record.start, record.end, what)
        return self._cipher.open(record.number, sealed[LENGTH.size :], record.start, last=last)


class _Record(NamedTuple):
    """Where a record is stored (`start` to `end`), and where its content begins."""

    number: int
    start: int
    end: int
    content_start: int


class _Records(Protocol):
    """Locate the records of a file."""

    count: int
    content_bytes: int

    def record(self, number: int) -> _Record: ...

    def find(self, content_offset: int) -> _Record: ...


class _Equal:
    """Records of equal pieces: arithmetic."""

    def __init__(self, piece_bytes: int, stored_bytes: int) -> None:
        self._piece_bytes = piece_bytes
        self._stored_bytes = stored_bytes
        body = stored_bytes - HEADER_BYTES
        self.count = max(1, -(-body // (piece_bytes + OVERHEAD_BYTES)))
        self.content_bytes = max(0, body - self.count * OVERHEAD_BYTES)

    def record(self, number: int) -> _Record:
        size = self._piece_bytes + OVERHEAD_BYTES
        start = HEADER_BYTES + number * size
        return _Record(number, start, min(start + size, self._stored_bytes), number * self._piece_bytes)

    def find(self, content_offset: int) -> _Record:
        return self.record(content_offset // self._piece_bytes)


class _Walked:
    """Records of any size: their lengths are read once, from the front, and trusted only once a record is opened."""

    def __init__(self, source: BinaryIO, cipher: FileCipher, stored_bytes: int) -> None:
        self._starts: list[int] = []
        self._content_starts: list[int] = []
        at, self.content_bytes = HEADER_BYTES, 0
        while True:
            source.seek(at)
            length = source.read(LENGTH.size)
            if len(length) < LENGTH.size:
                raise TamperedError(cipher.name, at, stored_bytes, "it ends before its last record")
            size, last = cipher.sealed_bytes(length, at)
            self._starts.append(at)
            self._content_starts.append(self.content_bytes)
            at += LENGTH.size + size
            self.content_bytes += size + LENGTH.size - OVERHEAD_BYTES
            if at > stored_bytes or (last and at < stored_bytes):
                raise TamperedError(cipher.name, self._starts[-1], stored_bytes, "its records do not end at its end")
            if last:
                break
        self._starts.append(at)
        self.count = len(self._content_starts)

    def record(self, number: int) -> _Record:
        return _Record(number, self._starts[number], self._starts[number + 1], self._content_starts[number])

    def find(self, content_offset: int) -> _Record:
        return self.record(bisect_right(self._content_starts, content_offset) - 1)
