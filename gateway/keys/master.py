"""Master keys wrap the recordings' data keys, so that the database alone opens nothing.

By default each key is a file; `REELGATE_MASTER_KEYS` sets them in the environment (or as a container secret) instead. A
KMS would be another implementation of `MasterKeys`.
"""

import base64
import hashlib
import os
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core.errors import DamagedError
from gateway.keys.folder import KeyFolder, KeyMissingError
from gateway.settings import Settings

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_ID_DIGITS: Final = 16
_ID_CONTEXT: Final = b"reelgate master key id\n"
_WRAP_CONTEXT: Final = b"reelgate data key\n"


class Wrapped(NamedTuple):
    """A data key as stored in the database: base64, and the master key that opens it."""

    master_key_id: str
    wrapped_key: str


class MasterKeys(Protocol):
    """Wrap and unwrap data keys; with several master keys, the newest wraps.

    Every method may raise KeyMissingError, with one line that says what to do.
    """

    def newest_id(self) -> str:
        """Return the id of the key that wraps now."""

    def ids(self) -> list[str]:
        """Return the ids of all keys that can unwrap."""

    def wrap(self, recording_id: str, key: bytes) -> Wrapped:
        """Wrap a recording's data key, bound to the recording."""

    def unwrap(self, recording_id: str, wrapped: Wrapped) -> bytes:
        """Unwrap a data key. Raises DamagedError if it was altered or belongs to another recording."""


@dataclass(frozen=True, slots=True)
class _MasterKey:
    """A master key. `id` is the start of a digest of the key, so a file that does not match its name is detected."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: bytes, where: str) -> "_MasterKey":
        """Parse base64. Raises KeyMissingError."""
        try:
            secret = base64.b64decode(text.strip(), validate=True)
        except ValueError:
            secret = b""
        if len(secret) != _KEY_BYTES:
            raise KeyMissingError(f"{where} is not a master key: it must be 32 bytes in base64")
        return cls(hashlib.sha256(_ID_CONTEXT + secret).hexdigest()[:_ID_DIGITS], secret)


class LocalMasterKeys:
    """Keys in files, read each time (a rotation by command takes effect at once), or from the environment.

    AES-256-GCM with a random nonce (NIST SP 800-38D, 8.2.2: up to 2**32 wrappings per key) authenticates the
    recording's id. Unlike AES key wrap (RFC 5649), this binds a wrapped key to its row.
    """

    def __init__(self, settings: Settings) -> None:
        self._given = settings.master_keys
        self._folder = KeyFolder(settings, "master")

    @property
    def are_files(self) -> bool:
        """Whether they are files of this installation, which it generates itself."""
        return self._given is None

    def ensure(self) -> bool:
        """Generate the first key if keys are files and there is none; return whether one was generated."""
        return self.are_files and self._folder.ensure(_new_key)

    def add(self) -> str:
        """Generate a newer key, which wraps from now on; return its id. Only if keys are files."""
        return self._folder.add(_new_key).id

    def newest_id(self) -> str:
        return self._newest().id

    def ids(self) -> list[str]:
        """Return the ids, the newest last."""
        if self._given is not None:
            return [key.id for key in reversed(self._from_environment())]
        return [file.id for file in self._folder.files()]

    def wrap(self, recording_id: str, key: bytes) -> Wrapped:
        master, nonce = self._newest(), os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(master.secret).encrypt(nonce, key, _bound_to(recording_id))
        return Wrapped(master.id, base64.b64encode(sealed).decode())

    def unwrap(self, recording_id: str, wrapped: Wrapped) -> bytes:
        master = self._named(wrapped.master_key_id)
        try:
            sealed = base64.b64decode(wrapped.wrapped_key, validate=True)
            nonce, secret = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return AESGCM(master.secret).decrypt(nonce, secret, _bound_to(recording_id))
        except (InvalidTag, ValueError) as error:
            raise DamagedError(f"the data key of recording {recording_id} was altered in the database") from error

    def _newest(self) -> _MasterKey:
        if self._given is not None:
            return self._from_environment()[0]
        files = self._folder.files()
        if not files:
            raise KeyMissingError(
                f"there is no master key in {self._folder.path}: restore the folder from a backup, or point"
                " REELGATE_KEYS_DIR or REELGATE_MASTER_KEYS to the keys"
            )
        return self._named(files[-1].id)

    def _named(self, key_id: str) -> _MasterKey:
        where = str(self._folder.path)
        if self._given is not None:
            where = "REELGATE_MASTER_KEYS"
            found = next((key for key in self._from_environment() if key.id == key_id), None)
        else:
            file = next((file for file in self._folder.files() if file.id == key_id), None)
            found = _MasterKey.parse(file.read(), str(file.path)) if file else None
        if found is None:
            raise KeyMissingError(
                f"master key {key_id} is not in {where}: restore it from a backup; without it, the recordings it protects are lost"
            )
        if found.id != key_id:
            raise KeyMissingError(
                f"the file of master key {key_id} in {where} holds another key: restore the right one"
            )
        return found

    def _from_environment(self) -> list[_MasterKey]:
        """Return the newest first, in the given order."""
        text = self._given.get_secret_value() if self._given is not None else ""
        return [_MasterKey.parse(part.encode(), "a part of REELGATE_MASTER_KEYS") for part in text.split(",")]


def _new_key() -> tuple[str, bytes]:
    text = base64.b64encode(os.urandom(_KEY_BYTES))
    return _MasterKey.parse(text, "a new key").id, text + b"\n"


def _bound_to(recording_id: str) -> bytes:
    return _WRAP_CONTEXT + recording_id.encode()
