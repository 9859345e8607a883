"""The data key of one recording, in clear: in memory only while its files are written or read."""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DATA_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class DataKey:
    """32 random bytes that belong to recording `recording_id`. Nothing is encrypted with them directly."""

    recording_id: str
    secret: bytes = field(repr=False)

    def derive(self, purpose: bytes, *, salt: bytes = b"", length: int = 32) -> bytes:
        """Derive bytes for one purpose, independent of those for any other (HKDF-SHA256, RFC 5869).

        `purpose` is the `info` of the RFC and must name the use, e.g. b"manifest digests".
        """
        return HKDF(SHA256(), length, salt or None, purpose).derive(self.secret)
