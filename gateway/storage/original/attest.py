"""What makes a recording provable: its key, the salt of its digests, and the key that signs its manifest."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gateway.core.recording.chain import Chain, Sign
from gateway.core.recording.entries import Writer
from gateway.keys.data_key import DataKey

if TYPE_CHECKING:
    from hashlib import _Hash

# HKDF's `info`: the salt reveals nothing about the keys that encrypt files, so an export can disclose it.
_SALT_PURPOSE: Final = b"manifest digests"


@dataclass(frozen=True)
class Attest:
    """For one recording: `data_key` encrypts its files and salts its digests, `sign` signs with the key `key_id`."""

    data_key: DataKey
    key_id: str
    sign: Sign

    @property
    def salt(self) -> bytes:
        """Precedes the bytes in every digest, so that a manifest alone does not reveal a single key press."""
        return digest_salt(self.data_key)

    @property
    def salt_sha256(self) -> str:
        """The value in the header."""
        return sha256(self.salt).hexdigest()

    def digest(self) -> "_Hash":
        """Start a new salted digest."""
        return sha256(self.salt)

    def chain(self, writer: Writer) -> Chain:
        """Return the chain of the manifest's signed lines."""
        return Chain(writer, self.key_id, self.sign)


def digest_salt(data_key: DataKey) -> bytes:
    """Return the salt of a recording's digests."""
    return data_key.derive(_SALT_PURPOSE)
