"""Archived segments (compressed, then encrypted), and back: to their content, or to the hot file.

Encrypted bytes cannot be compressed, so the file is opened first. The packed content is the header and the records with
their lengths, in clear. The same file can therefore be sealed again, byte for byte: its key and nonces come from header
and record numbers, and the manifest's digest stays valid for a restored file. The packed form has its own name, and so
its own key.
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
    """Return the name the packed form of file `name` is encrypted under."""
    return name + _SUFFIX


def pack(path: Path, into: Path, key: DataKey, name: str, level: int) -> Stored:
    """Write the packed form of the hot file at `path` to `into`, on disk when this returns.

    Raises TamperedError for a file that cannot be opened completely: a torn one has bytes that no key opens.
    """
    into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("rb") as file:
        opened = _opened(file, FileCipher.of_header(key, name, file.read(HEADER_BYTES)))
        with atomic_path(into) as temporary:
            temporary.unlink()
            return encrypt_file(_compressed(opened, level), temporary, key, packed_name(name))


def content(packed: Iterable[bytes], key: DataKey, name: str, content_bytes: int) -> Iterator[bytes]:
    """Return the content of a packed file. Raises DamagedError if it is not `content_bytes` long."""
    left = content_bytes
    for piece in _contents(_Source(_decompressed(packed, key, name))):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise DamagedError(f"the archived {name} does not have the size that was recorded")


def unpack(packed: Iterable[bytes], key: DataKey, name: str) -> Iterator[bytes]:
    """Return the hot file's bytes, as they were when packed. Raises DamagedError."""
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
    """Decompress at most `PIECE_BYTES` at a time, however large a hostile object would grow."""
    compressed = decrypt(packed, key, packed_name(name))
    decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES)
    try:
        # It only calls `read`; its type hints require a whole file.
        yield from decompressor.read_to_iter(cast("BinaryIO", _Source(compressed)), write_size=PIECE_BYTES)
    except zstandard.ZstdError as error:
        raise DamagedError(f"the archived {name} cannot be decompressed") from error


class _Source(io.RawIOBase):
    """Pieces as a readable source."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._waiting = b""

    def read(self, size: int = -1) -> bytes:
        """Read this many bytes; fewer only at the end."""
        parts, left = [], size
        while left and (piece := self._waiting or next(self._pieces, b"")):
            parts.append(piece[:left])
            self._waiting = piece[left:]
            left -= len(parts[-1])
        return b"".join(parts)

    def exactly(self, size: int) -> bytes:
        """Read exactly this many bytes. Raises DamagedError if there are fewer."""
        data = self.read(size)
        if len(data) != size:
            raise DamagedError("an archived original ends within a record")
        return data
