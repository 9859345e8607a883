"""Move evidence: copy, verify, commit, delete, always in this order.

The tier stage and restoring copy and verify; `hot_copies.expire` reads back and deletes. The caller manages the rows.
"""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.core.errors import ConflictError, DamagedError, NotFoundError, UnavailableError
from gateway.db.columns import utc_now
from gateway.db.repositories.recordings import RecordedFile
from gateway.storage.local import read_range, sha256_of
from gateway.storage.stores import Store, StoredObject


class CorruptCopyError(UnavailableError):
    """The archive's copy is damaged while the source is sound: a fault of the archive, so it is retried."""


@dataclass(frozen=True)
class VerifiedCopy:
    """An object whose bytes were read back and had the recorded digest."""

    file: RecordedFile
    stored: StoredObject
    verified_at: datetime


@dataclass(frozen=True)
class Lock:
    """Protection of an archived object: locked until a time (None: not locked), and whether on legal hold."""

    until: datetime | None = None
    legal_hold: bool = False


def copy_verified(store: Store, path: Path, key: str, file: RecordedFile) -> VerifiedCopy:
    """Copy `path` to `key` and read it back; a complete copy left by a killed run is reused.

    Raises DamagedError if the source has another digest than recorded, CorruptCopyError if the copy has (it is removed
    again), NotFoundError if there is no source, UnavailableError from the store.
    """
    found = store.stat(key)
    if found is not None and found.size_bytes == file.size_bytes and is_whole(store, key, found.version_id, file):
        return VerifiedCopy(file, found, utc_now())
    if sha256_of(read_range(path)) != (file.sha256, file.size_bytes):
        raise DamagedError(f"{file.name} on disk is not what was recorded: its digest has changed")
    stored = store.put(path, key)
    if not is_whole(store, key, stored.version_id, file):
        with contextlib.suppress(UnavailableError, ConflictError):  # only a cleanup; the next copy replaces it
            store.delete(key, stored.version_id)
        raise CorruptCopyError(f"the archive's copy of {file.name} is damaged; it is uploaded again")
    return VerifiedCopy(file, stored, utc_now())


def secure(store: Store, stored: StoredObject, lock: Lock) -> Lock:
    """Set the lock and the legal hold on an object version; return what was read back.

    If the store has no locks, a legal hold is only in the row; a required retention is rejected (ConflictError),
    because it could not be enforced.
    """
    until = None if lock.until is None else store.set_retention(stored.key, stored.version_id, lock.until)
    if not store.can_lock:
        return Lock(until)
    store.set_legal_hold(stored.key, stored.version_id, lock.legal_hold)
    return Lock(until, lock.legal_hold)


def is_present(store: Store, key: str, version_id: str | None, size_bytes: int) -> bool:
    """Whether the store has the object at its recorded size. Raises UnavailableError from the store."""
    found = store.stat(key, version_id)
    return found is not None and found.size_bytes == size_bytes


def is_whole(store: Store, key: str, version_id: str | None, file: RecordedFile) -> bool:
    """Whether the store returns exactly these bytes. Raises UnavailableError from the store."""
    try:
        pieces = store.open_range(key, version_id=version_id)
    except NotFoundError:
        return False
    return sha256_of(pieces) == (file.sha256, file.size_bytes)
