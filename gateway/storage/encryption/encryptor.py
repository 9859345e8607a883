"""Writing encrypted files. Callers: the recorder and the import (segments), `workers.running.outputs`, the tier stage."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gateway.keys.data_key import DataKey
from gateway.storage.encryption.layout import MAX_PIECE_BYTES, PIECE_BYTES, FileCipher

_FILE_MODE = 0o600


class Stored(NamedTuple):
    """A file as it is kept: SHA-256 (hex) and size of its bytes."""

    sha256: str
    size_bytes: int


class Encryptor:
    """Turns the content of one file into its stored bytes: `header`, then what `seal` and last `finish` return.

    With `piece_bytes` 0 everything given to `seal` is in what it returns; otherwise an incomplete piece waits for more.
    Not thread-safe.
    """

    def __init__(self, key: DataKey, name: str, piece_bytes: int = 0) -> None:
        """`name` is the file's in the recording's folder (`gateway.core.recording.layout`)."""
        self._cipher = FileCipher.new(key, name, piece_bytes)
        self._piece_bytes = piece_bytes
        self._number = 0
        self._waiting = b""
        self._is_finished = False

    def header(self) -> bytes:
        """The first bytes of the file."""
        return self._cipher.header

    def seal(self, data: bytes) -> bytes:
        """Records with the next bytes of the content; without any, nothing."""
        if self._is_finished:
            raise ValueError("the file is finished")
        if self._piece_bytes:
            return self._seal_pieces(data)
        view = memoryview(data)
        return b"".join(self._record(view[at : at + MAX_PIECE_BYTES]) for at in range(0, len(data), MAX_PIECE_BYTES))

    def finish(self) -> bytes:
        """The last record: the file is whole, and nothing may follow."""
        if self._is_finished:
            raise ValueError("the file is finished")
        self._is_finished = True
        return self._cipher.seal(self._number, self._waiting, last=True)

    def _seal_pieces(self, data: bytes) -> bytes:
        content = memoryview(self._waiting + data)
        # One whole piece may stay behind: only what follows tells that it is not the last.
        whole = max(0, (len(content) - 1) // self._piece_bytes * self._piece_bytes)
        self._waiting = bytes(content[whole:])
        starts = range(0, whole, self._piece_bytes)
        return b"".join(self._record(content[at : at + self._piece_bytes]) for at in starts)

    def _record(self, content: memoryview) -> bytes:
        record = self._cipher.seal(self._number, content)
        self._number += 1
        return record


def encrypt_file(pieces: Iterable[bytes], path: Path, key: DataKey, name: str) -> Stored:
    """Write the content to a new file at `path` (mode 0600), on disk when this returns, to be read in ranges.

    `name` is what the file will be called in the recording's folder. Raises OSError, also when there is such a file.
    """
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        for sealed in _sealed(pieces, Encryptor(key, name, PIECE_BYTES)):
            file.write(sealed)
            digest.update(sealed)
            size += len(sealed)
        file.flush()
        os.fsync(file.fileno())
    return Stored(digest.hexdigest(), size)


def _sealed(pieces: Iterable[bytes], encryptor: Encryptor) -> Iterator[bytes]:
    yield encryptor.header()
    for piece in pieces:
        yield encryptor.seal(piece)
    yield encryptor.finish()
