"""Read an encrypted file record by record, past its damage.

A reader that only wants the content stops at the first wrong record (`gateway.storage.encryption`). This one reports
which records are wrong and continues as far as their lengths lead.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.keys.data_key import DataKey
from gateway.storage.encryption.layout import HEADER_BYTES, LENGTH, OVERHEAD_BYTES, FileCipher, TamperedError


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Damaged stored bytes. `content_bytes`: how much of the content they held; None: everything from there on.

    `is_torn`: they are the start of a record, after which the file ends.
    """

    start: int
    end: int
    content_bytes: int | None
    text: str
    is_torn: bool = False


class Records:
    """One file. Iterate once to get contents and, in their places, unreadable parts; then read digest and end."""

    def __init__(self, stored: Iterable[bytes], key: DataKey | None, name: str) -> None:
        """`key` is None for a file in clear."""
        self._key = key
        self._name = name
        self._stored = iter(stored)
        self._digest = hashlib.sha256()
        self._buffer = bytearray()
        self._at = 0  # stored offset of the buffer's first byte
        self.stored_bytes = 0
        self.is_finished = False  # its last record was read: it was closed in order

    @property
    def stored_sha256(self) -> str:
        """SHA-256 (hex) of all stored bytes, once iterated."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[bytes | Unreadable]:
        if self._key is None:
            self.is_finished = True
            yield from self._pieces()
            return
        header = self._take(HEADER_BYTES)
        try:
            cipher = FileCipher.of_header(self._key, self._name, header)
        except TamperedError:
            text = "its header was altered, it is in clear, or it belongs to another name or recording"
            yield Unreadable(0, min(HEADER_BYTES, self._drain()), None, text)
            return
        yield from self._records(cipher)
        self._drain()

    def _records(self, cipher: FileCipher) -> Iterator[bytes | Unreadable]:
        lost: _Lost | None = None
        number = 0
        while not self.is_finished and (record := self._record(cipher)) is not None:
            content = record.opened(cipher, number)
            if content is None:
                lost = (lost or _Lost(record.start, number)).with_one(record)
            else:
                if lost is not None:
                    yield lost.found(record.start)
                    lost = None
                yield content
                self.is_finished = record.last
            number += 1
        if lost is not None:
            yield lost.to_the_end(self._drain())
        elif self.is_finished and (end := self._drain()) > self._at:
            yield Unreadable(self._at, end, 0, "bytes after its last record")

    def _record(self, cipher: FileCipher) -> "_Record | None":
        """Return the next record by its length, None at the end.

        A truncated or impossible one is a record that never opens.
        """
        start, length = self._at, self._take(LENGTH.size)
        if not length:
            return None
        try:
            size, last = cipher.sealed_bytes(length, start) if len(length) == LENGTH.size else (0, False)
        except TamperedError:
            self._drain()
            self._take(len(self._buffer))
            return _Record(start, self._at, b"", last=False)
        sealed = self._take(size)
        is_torn = len(length) < LENGTH.size or len(sealed) < size
        return _Record(start, self._at, b"" if is_torn else sealed, last=last, is_torn=is_torn)

    def _take(self, count: int) -> bytes:
        """Return the next bytes, fewer at the end of the file."""
        while len(self._buffer) < count and self._fill():
            pass
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._at += len(taken)
        return taken

    def _fill(self) -> bool:
        piece = next(self._stored, None)
        if piece is None:
            return False
        self._digest.update(piece)
        self.stored_bytes += len(piece)
        self._buffer += piece
        return True

    def _drain(self) -> int:
        """Read to the end, for the digest; return its position."""
        while self._fill():
            pass
        return self.stored_bytes

    def _pieces(self) -> Iterator[bytes]:
        while self._fill():
            yield self._take(len(self._buffer))


@dataclass(frozen=True, slots=True)
class _Record:
    start: int
    end: int
    sealed: bytes
    last: bool
    is_torn: bool = False

    def opened(self, cipher: FileCipher, number: int) -> bytes | None:
        try:
            return cipher.open(number, self.sealed, self.start, last=self.last) if self.sealed else None
        except TamperedError:
            return None


@dataclass(frozen=True, slots=True)
class _Lost:
    """Consecutive records that do not open."""

    start: int
    number: int
    count: int = 0
    content_bytes: int = 0
    is_torn: bool = False

    def with_one(self, record: _Record) -> "_Lost":
        content_bytes = max(0, record.end - record.start - OVERHEAD_BYTES)
        is_torn = record.is_torn and not self.count
        return _Lost(self.start, self.number, self.count + 1, self.content_bytes + content_bytes, is_torn)

    def found(self, end: int) -> Unreadable:
        """Note that a later record opens again."""
        last = self.number + self.count - 1
        which = f"record {self.number} was" if last == self.number else f"records {self.number} to {last} were"
        return Unreadable(self.start, end, self.content_bytes, f"{which} altered or moved")

    def to_the_end(self, end: int) -> Unreadable:
        return Unreadable(self.start, end, None, f"nothing can be read from record {self.number} on", self.is_torn)
