"""Encrypted files for the tests: made in memory, taken apart record by record."""

import io
from collections.abc import Iterable, Iterator

from gateway.keys.data_key import DataKey
from gateway.storage.encryption import DecryptingFile, Encryptor, decrypt
from gateway.storage.encryption.layout import HEADER_BYTES, LENGTH, OVERHEAD_BYTES

KEY = DataKey("recording-a", bytes(range(32)))
NAME = "segments/000000.guac"


def sealed(writes: Iterable[bytes], piece_bytes: int, *, key: DataKey = KEY, name: str = NAME) -> bytes:
    """The stored bytes of a finished file."""
    encryptor = Encryptor(key, name, piece_bytes)
    return b"".join([encryptor.header(), *map(encryptor.seal, writes), encryptor.finish()])


def records(stored: bytes) -> list[bytes]:
    """The file's records, each with its length."""
    found, at = [], HEADER_BYTES
    while at < len(stored):
        (length,) = LENGTH.unpack_from(stored, at)
        end = at + (length & 0x7FFFFFFF) + OVERHEAD_BYTES
        found.append(stored[at:end])
        at = end
    return found


def opened(stored: bytes, *, key: DataKey = KEY, name: str = NAME, feed_bytes: int = 1 << 20) -> bytes:
    """The content, read from the front."""
    return b"".join(decrypt(in_pieces(stored, feed_bytes), key, name))


def sought(stored: bytes, *, key: DataKey = KEY, name: str = NAME) -> bytes:
    """The content, read through a file to seek in."""
    with DecryptingFile(io.BytesIO(stored), key, name) as file:
        return file.read()


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))
