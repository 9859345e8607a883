"""One small interface for places that keep files, and which place is the archive.

Callers: the tier stage and `gateway.storage.moves` (workers), `gateway.storage.files` (API and workers). The live path
never calls a store: storage must not be able to block a session.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from gateway.settings import Settings

# Pieces in which files are read: large enough to make the calls cheap, small enough for many readers at once.
PIECE_BYTES: Final = 256 * 1024


class StoredObject(NamedTuple):
    """What a store says about one object; `version_id` is None where the store keeps no versions."""

    key: str
    version_id: str | None
    size_bytes: int


class Store(Protocol):
    """Keeps files by key (`a/b/c`, relative, no `.` or `..`).

    Every method may raise UnavailableError when the store cannot be reached, refuses the access key or answers with an
    error; its text names what to look at and no secret. Nothing else but the errors named at a method is raised.
    An upload that returned is not yet trusted: `gateway.storage.moves` reads it back.
    """

    def put(self, path: Path, key: str) -> StoredObject:
        """Copy the file at `path`; an object already at `key` is replaced at once, or gets a newer version."""

    def stat(self, key: str, version_id: str | None = None) -> StoredObject | None:
        """The object, newest version unless told, or None when there is none."""

    def open_range(
        self, key: str, start: int = 0, length: int | None = None, version_id: str | None = None
    ) -> Iterator[bytes]:
        """Its bytes from `start` (to the end where `length` is None), in pieces; fewer when the object ends before.

        Raises NotFoundError, at the call and not at the first piece, when there is no such object.
        """

    def delete(self, key: str, version_id: str | None = None) -> None:
        """Remove it; nothing happens when it is not there."""


def archive_store(settings: Settings) -> Store:
    """Where archived recordings go: the S3 bucket when one is set, else the archive folder."""
    if settings.s3_bucket is None:
        from gateway.storage.local import FolderStore

        return FolderStore(settings.archive_dir)
    from gateway.storage.s3 import S3Store

    return S3Store(settings, settings.s3_bucket)


def archive_key(settings: Settings, folder: str, name: str) -> str:
    """Key of file `name` of the recording in `folder`; the prefix belongs to the bucket alone."""
    prefix = settings.s3_prefix if settings.s3_bucket is not None else ""
    return f"{prefix}{folder}/{name}"
