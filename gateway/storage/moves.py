"""Moving evidence: copy, verify, commit, delete, in this task and never in another.

Callers: the tier stage and restoring copy and verify; `hot_copies.expire` reads back and deletes. Rows are the caller's
business.
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


class SpoiledCopyError(UnavailableError):
    """The archive's copy came out wrong while the source is sound: the archive's fault, so it is tried again."""


@dataclass(frozen=True)
class VerifiedCopy:
    """An object whose bytes were read back and had the recorded digest."""

    file: RecordedFile
    stored: StoredObject
    verified_at: datetime


@dataclass(frozen=True)
class Lock:
    """How an archived object is to be kept: locked until then (None: not), and whether on legal hold."""

    until: datetime | None = None
    legal_hold: bool = False


def copy_verified(store: Store, path: Path, key: str, file: RecordedFile) -> VerifiedCopy:
    """Bring `path` to `key` and read it back; a whole copy that a killed run left there is taken over.

    Raises DamagedError when the source has another digest than recorded, SpoiledCopyError when the copy has (it is
    removed again), NotFoundError when the source is not there, UnavailableError from the store.
    """
    found = store.stat(key)
    if found is not None and found.size_bytes == file.size_bytes and is_whole(store, key, found.version_id, file):
        return VerifiedCopy(file, found, utc_now())
    if sha256_of(read_range(path)) != (file.sha256, file.size_bytes):
        raise DamagedError(f"{file.name} on disk is not what was recorded: its digest has changed")
    stored = store.put(path, key)
    if not is_whole(store, key, stored.version_id, file):
        with contextlib.suppress(
            UnavailableError, ConflictError
        ):  # it is no more than tidiness; the next one replaces it
            store.delete(key, stored.version_id)
        raise SpoiledCopyError(f"the archive's copy of {file.name} came out damaged; it is made again")
    return VerifiedCopy(file, stored, utc_now())


def secure(store: Store, stored: StoredObject, lock: Lock) -> Lock:
    """Set the lock and the legal hold on an object version; returns what was read back.

    Where the store has no locks, a legal hold is the row's alone; a retention that is demanded is refused then
    (ConflictError), for it could not be kept.
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
    """Whether the store gives back exactly these bytes. Raises UnavailableError from the store."""
    try:
        pieces = store.open_range(key, version_id=version_id)
    except NotFoundError:
        return False
    return sha256_of(pieces) == (file.sha256, file.size_bytes)
