"""Read encrypted files from the front. Sans-io: stored bytes in, authenticated content out."""

from collections.abc import Iterable, Iterator

from gateway.keys.data_key import DataKey
from gateway.storage.encryption.layout import HEADER_BYTES, LENGTH, MAGIC, OVERHEAD_BYTES, FileCipher, TamperedError


class Decryptor:
    """Decrypt one file: `feed` its bytes in pieces of any size, then `finish`. Holds at most a record and a piece."""

    def __init__(self, key: DataKey, name: str) -> None:
        self._key = key
        self._name = name
        self._cipher: FileCipher | None = None
        self._buffer = b""
        self._number = 0
        self._offset = 0
        self._is_finished = False
        self._fault: TamperedError | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the last record has been read: the writer closed the file cleanly."""
        return self._is_finished

    @property
    def offset(self) -> int:
        """Stored bytes read so far, up to the end of a record."""
        return self._offset

    @property
    def torn_bytes(self) -> int:
        """Stored bytes after `offset` that do not form a whole record (yet)."""
        return len(self._buffer)

    @property
    def piece_bytes(self) -> int:
        """The value in the header, which must have been fed."""
        assert self._cipher is not None, "the header comes first"  # noqa: S101 - misuse
        return self._cipher.piece_bytes

    def feed(self, data: bytes) -> list[bytes]:
        """Return the contents of the records that are complete now.

        Raises TamperedError. Sound records before the damage are returned first, and the next call raises.
        """
        if self._fault is not None:
            raise self._fault
        self._buffer += data
        if self._cipher is None:
            if len(self._buffer) < HEADER_BYTES:
                return []
            self._cipher = FileCipher.of_header(self._key, self._name, self._buffer[:HEADER_BYTES])
            self._buffer = self._buffer[HEADER_BYTES:]
            self._offset = HEADER_BYTES
        return self._records(self._cipher)

    def skip_to(self, number: int) -> int:
        """Continue with record `number` of a file of equal pieces; return the file offset to feed from."""
        self._number, self._offset = number, HEADER_BYTES + number * (self.piece_bytes + OVERHEAD_BYTES)
        self._buffer = b""
        return self._offset

    def finish(self, *, torn: bool = False) -> None:
        """Finish. Raises TamperedError if the file ends too early, unless it may be `torn`."""
        if self._fault is not None:
            raise self._fault
        if self._cipher is None and not (torn and MAGIC.startswith(self._buffer[: len(MAGIC)])):
            FileCipher.of_header(self._key, self._name, self._buffer)
        if not self._is_finished and not torn:
            end = self._offset + len(self._buffer)
            raise TamperedError(self._name, self._offset, end, "it ends before its last record")

    def _records(self, cipher: FileCipher) -> list[bytes]:
        found: list[bytes] = []
        used = 0
        view = memoryview(self._buffer)
        try:
            while (record := self._next(cipher, view[used:])) is not None:
                content, size = record
                found.append(content)
                used += size
        except TamperedError as error:
            if not found:
                raise
            self._fault = error
        self._buffer = self._buffer[used:]
        return found

    def _next(self, cipher: FileCipher, view: memoryview) -> tuple[bytes, int] | None:
        """Return content and stored size of the record at the start of `view`, or None until it is complete."""
        if self._is_finished and view:
            raise TamperedError(self._name, self._offset, self._offset + len(view), "bytes after its last record")
        if len(view) < LENGTH.size:
            return None
        size, last = cipher.sealed_bytes(view[: LENGTH.size], self._offset)
        if len(view) < LENGTH.size + size:
            return None
        content = cipher.open(self._number, view[LENGTH.size : LENGTH.size + size], self._offset, last=last)
        self._number += 1
        self._offset += LENGTH.size + size
        self._is_finished = last
        return content, LENGTH.size + size


def decrypt(pieces: Iterable[bytes], key: DataKey, name: str, *, torn: bool = False) -> Iterator[bytes]:
    """Decrypt a file whose stored bytes come in `pieces`.

    `torn`: its writer may have been cut short; return what is there. Raises TamperedError, after all sound content.
    """
    decryptor = Decryptor(key, name)
    for piece in pieces:
        yield from decryptor.feed(piece)
    decryptor.finish(torn=torn)
