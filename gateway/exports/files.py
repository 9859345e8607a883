"""The file of an export: `exports/ID/NAME` in the data folder, encrypted with the recording's data key.

Destroying the data key makes the recording's exports unreadable too, wherever copies of them are.
"""

import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from gateway.core.errors import NotFoundError
from gateway.db.database import Database
from gateway.db.models import Export
from gateway.keys.data import DataKeys
from gateway.keys.data_key import DataKey
from gateway.settings import Settings
from gateway.storage.encryption import decrypt_range, encrypt_file
from gateway.storage.local import publish, read_range, sync


def folder(settings: Settings, export_id: str) -> Path:
    """Return the folder of one export, which need not exist."""
    return settings.data_dir / "exports" / export_id


def stored_name(export_id: str, name: str) -> str:
    """Return the name the file is encrypted under, so that no file can take another's place."""
    return f"exports/{export_id}/{name}"


def write(pieces: Iterable[bytes], path: Path, key: DataKey, export_id: str, name: str) -> None:
    """Write the content to a new file at `path` as it will be stored; on disk when this returns."""
    encrypt_file(pieces, path, key, stored_name(export_id, name))


def put(settings: Settings, finished: Path, export_id: str, name: str) -> None:
    """Move a file made by `write` to its place, replacing one left by an earlier run."""
    target = folder(settings, export_id) / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    publish(finished, target)
    sync(target.parent.parent)


def read(
    settings: Settings, database: Database, keys: DataKeys, export: Export, start: int = 0, length: int | None = None
) -> Iterator[bytes]:
    """Read the content in pieces. Raises NotFoundError if it is missing, DamagedError if it was altered."""
    if export.removed_at is not None or not export.name:
        raise NotFoundError("the file of this export no longer exists")
    path = folder(settings, export.id) / export.name
    with database.read() as session:
        key = keys.of(session, export.recording_id)
    return decrypt_range(partial(read_range, path), key, stored_name(export.id, export.name), start, length)


def remove(settings: Settings, export_id: str) -> None:
    """Delete the file permanently; does nothing if there is none. Raises OSError."""
    path = folder(settings, export_id)
    if path.exists():
        shutil.rmtree(path)
