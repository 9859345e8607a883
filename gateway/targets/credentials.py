"""Secrets used at targets, encrypted at rest.

Only the API, when a credential is set (`CredentialVault.encrypt`), and `gateway.sessions.opening`, when a session begins
(`decrypt`), see a secret in clear. Fernet (AES-128-CBC with HMAC-SHA-256, `cryptography`) under one key per
installation, which is in its own file and never in the database.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from cryptography.fernet import Fernet, InvalidToken

from gateway.core.errors import ReelgateError
from gateway.db.database import Database
from gateway.db.repositories import targets
from gateway.settings import Settings

_KEY_NAME: Final = "secret.key"


class CredentialError(ReelgateError):
    """A stored secret cannot be opened with this installation's key."""


class CredentialVault:
    """Encrypts and decrypts secrets. Several gateways share one key (`REELGATE_SECRET_KEY_FILE`)."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open this installation's vault; its key is generated if there is none yet and none was named."""
        path = _key_path(settings)
        if settings.secret_key_file is None:
            _make_key(path)
        try:
            return cls(path.read_bytes().strip())
        except (OSError, ValueError) as error:
            raise CredentialError(f"the key that encrypts credentials cannot be read from {path}: {error}") from error

    def encrypt(self, secret: str) -> str:
        """Encrypt a secret for storage."""
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """Decrypt a secret. Raises CredentialError if it was stored under another key or altered."""
        try:
            return self._fernet.decrypt(stored).decode()
        except InvalidToken as error:
            raise CredentialError("a stored credential does not match this installation's key") from error


def ensure_credential_key(settings: Settings, database: Database) -> None:
    """Generate the key if there is none yet, or check that it opens what is stored.

    Called at start. Raises CredentialError if stored credentials exist but their key does not: a new key would hide the
    loss until the next session.
    """
    path = _key_path(settings)
    with database.read() as session:
        stored = targets.any_encrypted_secret(session)
    if stored is not None and not path.exists():
        raise CredentialError(f"the key that encrypts stored credentials is missing: restore {path} from a backup")
    vault = CredentialVault.open(settings)
    if stored is None:
        return
    try:
        vault.decrypt(stored)
    except CredentialError as error:
        raise CredentialError(f"{path} does not open the stored credentials: restore the right key") from error


def _key_path(settings: Settings) -> Path:
    return settings.secret_key_file or settings.data_dir / _KEY_NAME


def _make_key(path: Path) -> None:
    """Write a new key, mode 0600, unless there is one; of two concurrent processes, one wins and both use its key."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=path.name, dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # the other process was first: its key is the one
        os.link(draft, path)
    Path(draft).unlink()
