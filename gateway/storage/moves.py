"""Moving evidence: copy, verify, commit, delete, in this order and never in another.

Callers: the tier stage copies and verifies; `hot_copies.expire` checks and deletes. Rows are the caller's business.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.core.errors import DamagedError, NotFoundError
from gateway.db.columns import utc_now
from gateway.db.repositories.recordings import RecordedFile
from gateway.storage.local import read_range, sha256_of
from gateway.storage.stores import Store, StoredObject


@dataclass(frozen=True)
class VerifiedCopy:
    """An object whose bytes were read back and had the recorded digest."""

    file: RecordedFile
    stored: StoredObject
    verified_at: datetime


def copy_verified(store: Store, path: Path, key: str, file: RecordedFile) -> VerifiedCopy:
    """Bring `path` to `key` and read it back; a whole copy that a killed run left there is taken over.

    Raises DamagedError when source or copy have another digest than recorded (a bad copy is removed again),
    NotFoundError when the source is not there, UnavailableError from the store.
    """
    found = store.stat(key)
    if found is not None and found.size_bytes == file.size_bytes and _is_whole(store, found, file):
        return VerifiedCopy(file, found, utc_now())
    if sha256_of(read_range(path)) != (file.sha256, file.size_bytes):
        raise DamagedError(f"{file.name} on disk is not what was recorded: its digest has changed")
    stored = store.put(path, key)
    if not _is_whole(store, stored, file):
        store.delete(key, stored.version_id)
        raise DamagedError(f"the archive's copy of {file.name} came out damaged")
    return VerifiedCopy(file, stored, utc_now())


def is_present(store: Store, key: str, version_id: str | None, size_bytes: int) -> bool:
    """Whether the store has the object at its recorded size. Raises UnavailableError from the store."""
    found = store.stat(key, version_id)
    return found is not None and found.size_bytes == size_bytes


def _is_whole(store: Store, stored: StoredObject, file: RecordedFile) -> bool:
    try:
        pieces = store.open_range(stored.key, version_id=stored.version_id)
    except NotFoundError:
        return False
    return sha256_of(pieces) == (file.sha256, file.size_bytes)
