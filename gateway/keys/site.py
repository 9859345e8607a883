"""The site's signing keys as every database session knows them.

Trusted are the keys in the keys folder, and no others: a row in `signing_keys` is only a record of them. Whoever can write
to the database but not to the keys folder can therefore add no key of his own.
"""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from gateway.db.database import BUSY_SECONDS, Database
from gateway.keys.folder import KeyFile, KeyFolder, KeyMissingError
from gateway.keys.signing import KIND, Signer, key_id_of, new_key, read_private, trusted_folder
from gateway.settings import Settings

_SUFFIX: Final = ".pem"


def open_database(settings: Settings, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Open the database with the site's signing keys; `busy_seconds`: how long to wait for a lock or a connection."""
    return Database(settings.database, SiteKeys(settings), busy_seconds=busy_seconds)


class SiteKeys:
    """Implements `gateway.db.database.Notary`. A key that another process adds counts at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = KeyFolder(settings, KIND)
        self._signers: dict[Path, Signer] = {}  # reading a key takes longer than signing with it

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign with the newest key, made if there is none. Raises KeyMissingError."""
        signer = self.newest()
        return signer.key_id, signer.sign(message)

    def newest(self) -> Signer:
        """The newest key, made if there is none. Raises KeyMissingError."""
        files = self._folder.files()
        if not files:
            self._folder.ensure(new_key)
            files = self._folder.files()
        return self._signer(files[-1])

    def public_keys(self) -> dict[str, bytes]:
        """Keys whose private half is here, and those whose public half was kept. Raises KeyMissingError."""
        signers = [self._signer(file) for file in self._folder.files()]
        kept = (_public(path) for path in sorted(trusted_folder(self._settings).glob(f"*{_SUFFIX}")))
        return {key_id_of(key): key for key in (*kept, *(signer.public_key for signer in signers))}

    def _signer(self, file: KeyFile) -> Signer:
        if file.path not in self._signers:
            self._signers[file.path] = Signer(read_private(file))
        return self._signers[file.path]


def _public(path: Path) -> bytes:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyMissingError(f"{path} cannot be read as a public key: bring the file back from a backup") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMissingError(f"{path} holds no Ed25519 public key: bring the file back from a backup")
    return key.public_bytes_raw()
