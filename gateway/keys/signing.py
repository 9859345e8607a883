"""Signing keys: Ed25519 (RFC 8032). What a manifest, a certificate or the audit trail claims is signed with the newest.

Callers: the recorder, sealing, exports, purge, the audit trail's checkpoints; verification. Private halves are files,
public halves are in the database too, and can be exported for those who check elsewhere. A message begins with a line
that says what is signed, so that no signature passes for one of another kind.
"""

import hashlib
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from gateway.keys.folder import KeyFile, KeyFolder, KeyMissingError
from gateway.settings import Settings

_KIND: Final = "signing"
_ID_DIGITS: Final = 16


class Signer:
    """One private key, held as long as something is signed with it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_key = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = key_id_of(self.public_key)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The newest key, made when there is none; of several processes at once, one makes it. Raises KeyMissingError."""
        folder = KeyFolder(settings, _KIND)
        folder.ensure(new_key)
        return cls(_private(folder.files()[-1]))

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes). `message` begins with its context line."""
        return self._private.sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the private half of `public_key` (32 raw bytes) signed this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id_of(public_key: bytes) -> str:
    """The id of a key, from its raw public half."""
    return hashlib.sha256(public_key).hexdigest()[:_ID_DIGITS]


def public_pem(public_key: bytes) -> str:
    """A raw public key as PEM (SubjectPublicKeyInfo), which OpenSSL reads."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def has_key(settings: Settings) -> bool:
    """Whether there is a private key already."""
    return bool(KeyFolder(settings, _KIND).files())


def private_ids(settings: Settings) -> list[str]:
    """Ids of the keys whose private halves are here; the last signs."""
    return [file.id for file in KeyFolder(settings, _KIND).files()]


def add_key(settings: Settings) -> Signer:
    """Make a newer key, which signs from now on."""
    return Signer(_private(KeyFolder(settings, _KIND).add(new_key)))


def new_key() -> tuple[str, bytes]:
    """Id and PEM of a new private key."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Signer(private).key_id, pem


def _private(file: KeyFile) -> Ed25519PrivateKey:
    try:
        private = load_pem_private_key(file.read(), None)
    except (ValueError, TypeError) as error:
        raise KeyMissingError(f"{file.path} is no signing key: bring the file back from a backup") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyMissingError(f"{file.path} is no Ed25519 key: bring the file back from a backup")
    return private
