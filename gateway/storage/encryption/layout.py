"""The format of an encrypted file.

    header, 64 bytes    magic (8), version (1), zero (3), piece_bytes (4, big-endian), salt (32, random), check (16)
    records             length of the content, highest bit set in the last record (4, big-endian); AES-256-GCM of the
                        content (that length, and a tag of 16)

The file's key and the header's check are HKDF-SHA256 of the recording's data key under the salt, for the rest of the
header, the recording's id and the file's name: an altered header and a misplaced file are detected
before anything is decrypted, and no two files share a key. So a record's nonce can be its number (11 bytes) and
whether it is the last (1 byte), as in STREAM (Hoang, Reyhanitabar, Rogaway, Vizar: Online Authenticated-Encryption and
its Nonce-Reuse Misuse-Resistance, CRYPTO 2015) and age: records cannot be changed, dropped, moved or inserted, and
truncation is detected. A crash leaves a readable prefix that is recognisably unfinished.

`piece_bytes` 0: a record for each write, as the stream came. Otherwise every record but the last has that much content,
so that any place in the file is found by arithmetic.
"""

import os
import struct
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core.errors import DamagedError
from gateway.keys.data_key import DataKey

# Like PNG's: a byte that no text starts with, and a line end that a text transfer would change.
MAGIC: Final = b"\x89RGENC\r\n"
VERSION: Final = 1
_FIELDS: Final = struct.Struct(">8sB3sI32s")
_CHECK_BYTES: Final = 16
HEADER_BYTES: Final = _FIELDS.size + _CHECK_BYTES
LENGTH: Final = struct.Struct(">I")
_TAG_BYTES: Final = 16
OVERHEAD_BYTES: Final = LENGTH.size + _TAG_BYTES
_LAST: Final = 1 << 31
# Bounds the memory a hostile file can make a reader use; larger writes become several records.
MAX_PIECE_BYTES: Final = 2**20
# For files read in ranges: small enough that seeking in a video decrypts little more than it needs, large enough that
# the overhead of 20 bytes per record is 0.03 %.
PIECE_BYTES: Final = 64 * 1024
_PURPOSE: Final = b"reelgate encrypted file\n"


class TamperedError(DamagedError):
    """An encrypted file was altered. `start` and `end` (exclusive) bound the wrong stored bytes."""

    def __init__(self, name: str, start: int, end: int, what: str) -> None:
        super().__init__(f"{name} was altered: {what} (bytes {start} to {end} of the stored file)")
        self.name = name
        self.start = start
        self.end = end


class FileCipher:
    """Seal and open the records of one file; `header` is its first bytes."""

    def __init__(self, key: DataKey, name: str, fields: bytes) -> None:
        _magic, _version, _zero, piece_bytes, salt = _FIELDS.unpack(fields)
        self.piece_bytes: int = piece_bytes
        parts = (key.recording_id.encode(), name.encode(), fields)
        purpose = _PURPOSE + b"".join(LENGTH.pack(len(part)) + part for part in parts)
        derived = key.derive(purpose, salt=salt, length=32 + _CHECK_BYTES)
        self.name = name
        self.header = fields + derived[32:]
        self._aead = AESGCM(derived[:32])

    @classmethod
    def new(cls, key: DataKey, name: str, piece_bytes: int) -> Self:
        """Return the cipher for a new file."""
        if not 0 <= piece_bytes <= MAX_PIECE_BYTES:
            raise ValueError(f"records of {piece_bytes} bytes")
        return cls(key, name, _FIELDS.pack(MAGIC, VERSION, bytes(3), piece_bytes, os.urandom(32)))

    @classmethod
    def of_header(cls, key: DataKey, name: str, header: bytes) -> Self:
        """Return the cipher for a file that begins with `header` (HEADER_BYTES). Raises TamperedError."""
        if not header.startswith(MAGIC):
            raise TamperedError(name, 0, len(MAGIC), "it is not encrypted, but must be")
        if len(header) < HEADER_BYTES:
            raise TamperedError(name, 0, len(header), "it ends within its header")
        found = cls(key, name, header[: _FIELDS.size])
        if found.header != header or header[len(MAGIC)] != VERSION or found.piece_bytes > MAX_PIECE_BYTES:
            what = "its header was altered, or it belongs to another name or recording"
            raise TamperedError(name, 0, HEADER_BYTES, what)
        return found

    def seal(self, number: int, content: bytes | memoryview, *, last: bool = False) -> bytes:
        """Encrypt a record."""
        length = LENGTH.pack(len(content) | (_LAST if last else 0))
        return length + self._aead.encrypt(_nonce(number, last=last), content, None)

    def open(self, number: int, sealed: bytes | memoryview, offset: int, *, last: bool) -> bytes:
        """Return the content of a record without its length; `offset` is where the record begins.

        Raises TamperedError.
        """
        try:
            return self._aead.decrypt(_nonce(number, last=last), sealed, None)
        except InvalidTag as error:
            end = offset + LENGTH.size + len(sealed)
            raise TamperedError(self.name, offset, end, f"record {number} was altered or belongs elsewhere") from error

    def sealed_bytes(self, length: bytes | memoryview, offset: int) -> tuple[int, bool]:
        """Parse a record's length field: bytes that follow it, and whether it is the last. Raises TamperedError."""
        (value,) = LENGTH.unpack(length)
        size, last = value & ~_LAST, bool(value & _LAST)
        wrong = size > self.piece_bytes or (size < self.piece_bytes and not last) if self.piece_bytes else False
        if wrong or size > MAX_PIECE_BYTES:
            raise TamperedError(self.name, offset, offset + LENGTH.size, f"a record of {size} bytes is impossible")
        return size + _TAG_BYTES, last


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))
