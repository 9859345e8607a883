"""The key of one recording, in clear: held only as long as its files are written or read.

Callers: `gateway.keys.data` makes and unwraps it, `gateway.storage.encryption` and the manifest derive from it.
"""

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
        """Bytes for one purpose, which say nothing about those for another (HKDF-SHA256, RFC 5869).

        `purpose` is the `info` of the RFC and must name the use, e.g. b"manifest digests".
        """
        return HKDF(SHA256(), length, salt or None, purpose).derive(self.secret)
