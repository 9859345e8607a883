"""Signing keys: Ed25519 (RFC 8032). The newest signs manifests, certificates and the audit trail.

Private keys are files, and so are the public keys this site trusts (`gateway.keys.site`). Rows in the database are only
a record of them, for lists and for export. A message begins with a line that says what is signed, so that no signature
can be used for another kind of message.
"""

import hashlib
import os
import tempfile
from pathlib import Path
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

KIND: Final = "signing"
_TRUSTED: Final = "trusted"
_ID_DIGITS: Final = 16


class Signer:
    """One private key, in memory only while something is signed with it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_key = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = key_id_of(self.public_key)
        self.fingerprint = fingerprint_of(self.public_key)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the newest key, generated if there is none; of several processes, one does. Raises KeyMissingError."""
        folder = KeyFolder(settings, KIND)
        folder.ensure(new_key)
        return cls(read_private(folder.files()[-1]))

    def sign(self, message: bytes) -> bytes:
        """Return the signature (64 bytes). `message` begins with its context line."""
        return self._private.sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the private key for `public_key` (32 raw bytes) signed this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id_of(public_key: bytes) -> str:
    """Return the id of a key from its raw public half: enough to look it up, not to trust it."""
    return fingerprint_of(public_key)[:_ID_DIGITS]


def fingerprint_of(public_key: bytes) -> str:
    """Return the fingerprint people compare: SHA-256 (hex) of the raw public key."""
    return hashlib.sha256(public_key).hexdigest()


def public_pem(public_key: bytes) -> str:
    """Return a raw public key as PEM (SubjectPublicKeyInfo), which OpenSSL reads."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private_ids(settings: Settings) -> list[str]:
    """Return the ids of the private keys here; the last one signs."""
    return [file.id for file in KeyFolder(settings, KIND).files()]


def add_key(settings: Settings) -> Signer:
    """Generate a newer key, which signs from now on."""
    signer = Signer(read_private(KeyFolder(settings, KIND).add(new_key)))
    trust(settings, signer.public_key)
    return signer


def trusted_folder(settings: Settings) -> Path:
    """Return the folder of trusted public keys, which outlive their private keys."""
    return settings.keys_folder / _TRUSTED


def is_trusted(settings: Settings, key_id: str) -> bool:
    """Whether there is a public key of this id in the folder."""
    return _trusted_path(settings, key_id).exists()


def trust(settings: Settings, public_key: bytes) -> Path:
    """Trust a public key; return its file. Raises KeyMissingError if it cannot be written."""
    path = _trusted_path(settings, key_id_of(public_key))
    if path.exists():
        return path
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # others may write the same key now
        with os.fdopen(descriptor, "w") as file:
            file.write(public_pem(public_key))
        Path(draft).replace(path)
    except OSError as error:
        raise KeyMissingError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _trusted_path(settings: Settings, key_id: str) -> Path:
    return trusted_folder(settings) / f"{key_id}.pem"


def new_key() -> tuple[str, bytes]:
    """Generate a private key; return its id and PEM."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Signer(private).key_id, pem


def read_private(file: KeyFile) -> Ed25519PrivateKey:
    """Read the private key in a file. Raises KeyMissingError."""
    try:
        private = load_pem_private_key(file.read(), None)
    except (ValueError, TypeError) as error:
        raise KeyMissingError(f"{file.path} is not a signing key: restore the file from a backup") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyMissingError(f"{file.path} is not an Ed25519 key: restore the file from a backup")
    return private
