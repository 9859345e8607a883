"""Segments as they are archived (compressed, then encrypted) and back: to their content, or to the hot file.

Callers: the tier stage packs, `gateway.storage.files` reads contents, restoring brings the hot file back. What is
encrypted cannot be compressed, so the file is opened first. Opened, it is its header and records with their lengths,
their contents in clear; so the same file can be sealed again, byte for byte: its key and its nonces come from header
and numbers, and the manifest's digest of it stays true for a restored one. The packed form has a name, and so a key, of
its own.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

import zstandard

from gateway.core.errors import DamagedError
from gateway.keys.data_key import DataKey
from gateway.storage.encryption import Stored, TamperedError, decrypt, encrypt_file
from gateway.storage.encryption.layout import HEADER_BYTES, LENGTH, MAX_PIECE_BYTES, FileCipher
from gateway.storage.local import atomic_path
from gateway.storage.stores import PIECE_BYTES

ZSTD: Final = "zstd"
_SUFFIX: Final = ".zst"
# zstd's own limit for streams from strangers (RFC 8878, section 3.1.1.1.2: decoders should take 8 MB).
_WINDOW_BYTES: Final = 8 * 2**20
_LAST: Final = 1 << 31


def packed_name(name: str) -> str:
    """What the packed form of file `name` is called where it is encrypted."""
    return name + _SUFFIX


def pack(path: Path, into: Path, key: DataKey, name: str, level: int) -> Stored:
    """Write the packed form of the hot file at `path` to `into`, on disk when this returns.

    Raises TamperedError for a file that cannot be opened (whole, that is: a torn one has bytes that no key opens).
    """
    into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("rb") as file:
        opened = _opened(file, FileCipher.of_header(key, name, file.read(HEADER_BYTES)))
        with atomic_path(into) as temporary:
            temporary.unlink()
            return encrypt_file(_compressed(opened, level), temporary, key, packed_name(name))


def content(packed: Iterable[bytes], key: DataKey, name: str, content_bytes: int) -> Iterator[bytes]:
    """The content of a packed file whose stored bytes are given. Raises DamagedError when it is not `content_bytes`."""
    left = content_bytes
    for piece in _contents(_Source(_decompressed(packed, key, name))):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise DamagedError(f"the archived {name} does not have the size that was recorded")


def unpack(packed: Iterable[bytes], key: DataKey, name: str) -> Iterator[bytes]:
    """The hot file's bytes, as they were when it was packed. Raises DamagedError."""
    return _sealed(_Source(_decompressed(packed, key, name)), key, name)


def _opened(file: BinaryIO, cipher: FileCipher) -> Iterator[bytes]:
    yield cipher.header
    offset, number = HEADER_BYTES, 0
    while length := file.read(LENGTH.size):
        if len(length) < LENGTH.size:
            raise TamperedError(cipher.name, offset, offset + len(length), "it ends within a record")
        size, last = cipher.sealed_bytes(length, offset)
        sealed = file.read(size)
        if len(sealed) < size:
            raise TamperedError(cipher.name, offset, offset + LENGTH.size + len(sealed), "it ends within a record")
        yield length
        yield cipher.open(number, sealed, offset, last=last)
        offset, number = offset + LENGTH.size + size, number + 1


def _sealed(opened: "_Source", key: DataKey, name: str) -> Iterator[bytes]:
    cipher = FileCipher.of_header(key, name, opened.exactly(HEADER_BYTES))
    yield cipher.header
    for number, (data, last) in enumerate(_records(opened)):
        yield cipher.seal(number, data, last=last)


def _contents(opened: "_Source") -> Iterator[bytes]:
    opened.exactly(HEADER_BYTES)
    for data, _last in _records(opened):
        yield data


def _records(opened: "_Source") -> Iterator[tuple[bytes, bool]]:
    while length := opened.read(LENGTH.size):
        if len(length) < LENGTH.size:
            raise DamagedError("an archived original ends within a record")
        (value,) = LENGTH.unpack(length)
        size = value & ~_LAST
        if size > MAX_PIECE_BYTES:
            raise DamagedError(f"an archived original has a record of {size} bytes")
        yield opened.exactly(size), bool(value & _LAST)


def _compressed(pieces: Iterable[bytes], level: int) -> Iterator[bytes]:
    compressor = zstandard.ZstdCompressor(level=level, write_checksum=True).compressobj()
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()


def _decompressed(packed: Iterable[bytes], key: DataKey, name: str) -> Iterator[bytes]:
    """At most `PIECE_BYTES` at a time, however much a hostile object would grow to."""
    compressed = decrypt(packed, key, packed_name(name))
    decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES)
    try:
        # It asks for `read` alone; its types ask for a whole file.
        yield from decompressor.read_to_iter(cast("BinaryIO", _Source(compressed)), write_size=PIECE_BYTES)
    except zstandard.ZstdError as error:
        raise DamagedError(f"the archived {name} cannot be decompressed") from error


class _Source(io.RawIOBase):
    """Pieces as something to read from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._waiting = b""

    def read(self, size: int = -1) -> bytes:
        """So many bytes; fewer at the end alone."""
        parts, left = [], size
        while left and (piece := self._waiting or next(self._pieces, b"")):
            parts.append(piece[:left])
            self._waiting = piece[left:]
            left -= len(parts[-1])
        return b"".join(parts)

    def exactly(self, size: int) -> bytes:
        """So many bytes. Raises DamagedError when there are fewer."""
        data = self.read(size)
        if len(data) != size:
            raise DamagedError("an archived original ends within a record")
        return data
