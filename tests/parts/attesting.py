"""Keys for originals that tests write, and reading such originals back."""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER
from gateway.core.recording.manifest import Manifest, parse_manifest
from gateway.keys.data_key import DataKey
from gateway.storage.encryption import decrypt
from gateway.storage.local import read_range
from gateway.storage.original import Attest

_PRIVATE = Ed25519PrivateKey.generate()
KEY_ID = "test-key"


def attest(recording_id: str = "r1") -> Attest:
    """A recording's key, the same at every call, and a signing key."""
    return Attest(DataKey(recording_id, recording_id.encode().ljust(32, b"k")), KEY_ID, _PRIVATE.sign)


def verify(key_id: str, message: bytes, signature: bytes) -> bool | None:
    """Whether the signing key of `attest` signed this."""
    if key_id != KEY_ID:
        return None
    try:
        _PRIVATE.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


def content(folder: Path, recording_id: str = "r1") -> bytes:
    """What can be read of the segments in a recording's folder, joined."""
    key = attest(recording_id).data_key
    return b"".join(
        b"".join(decrypt(read_range(path), key, f"{SEGMENT_FOLDER}/{path.name}", torn=True))
        for path in sorted((folder / SEGMENT_FOLDER).iterdir())
    )


def manifest(folder: Path) -> Manifest:
    """The manifest in a recording's folder."""
    return parse_manifest((folder / MANIFEST).read_bytes())
