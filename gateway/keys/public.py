"""Public keys as files people hand over: PEM, several one after the other, as `reelgate keys export-public` writes."""

from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from gateway.core.errors import InvalidInputError, NotFoundError
from gateway.keys.signing import key_id_of

_PEM_END: Final = "-----END PUBLIC KEY-----"
# A key with its heading has some 300 bytes.
_MOST_BYTES: Final = 2**20


def read_public_keys(file: Path) -> dict[str, bytes]:
    """Return the raw Ed25519 keys in a file, by id. Raises NotFoundError; InvalidInputError if there is none."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise NotFoundError(f"{file} cannot be read: {error.strerror}") from error
    if len(data) > _MOST_BYTES:
        raise InvalidInputError(f"{file} is too large for public keys")
    try:
        loaded = [load_pem_public_key((part + _PEM_END).encode()) for part in data.decode().split(_PEM_END)[:-1]]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInputError(f"{file} holds no public key in PEM") from error
    raw = [key.public_bytes_raw() for key in loaded if isinstance(key, Ed25519PublicKey)]
    if not raw:
        raise InvalidInputError(f"{file} holds no Ed25519 public key in PEM")
    return {key_id_of(key): key for key in raw}
