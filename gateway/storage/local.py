"""Files on this machine: ranged reads, and writes that a crash leaves complete or undone."""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from gateway.core.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from gateway.storage.stores import PIECE_BYTES, Required, Requirement, RequirementCheck, RequirementState, StoredObject


class FolderStore:
    """A `Store` in a folder; keeps no versions and locks nothing."""

    can_lock = False

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def place(self) -> str:
        return str(self._root)

    def put(self, path: Path, key: str) -> StoredObject:
        target = self._path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with atomic_path(target) as temporary:
                shutil.copyfile(path, temporary)
        except FileNotFoundError as error:
            raise NotFoundError(f"there is no file {path.name} to copy") from error
        except OSError as error:
            raise _unavailable(error) from error
        return StoredObject(key, None, target.stat().st_size)

    def stat(self, key: str, version_id: str | None = None) -> StoredObject | None:  # noqa: ARG002 - no versions here
        path = self._path(key)
        return StoredObject(key, None, path.stat().st_size) if path.is_file() else None

    def open_range(
        self,
        key: str,
        start: int = 0,
        length: int | None = None,
        version_id: str | None = None,  # noqa: ARG002 - no versions here
    ) -> Iterator[bytes]:
        return read_range(self._path(key), start, length)

    def delete(self, key: str, version_id: str | None = None) -> None:  # noqa: ARG002 - no versions here
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise _unavailable(error) from error

    def versions(self, prefix: str) -> Iterator[StoredObject]:
        folder = self._path(prefix) if prefix.endswith("/") else self._path(prefix).parent
        for path in sorted(folder.rglob("*")):
            key = path.relative_to(self._root).as_posix()
            if path.is_file() and key.startswith(prefix):
                yield StoredObject(key, None, path.stat().st_size)

    def set_retention(self, key: str, version_id: str | None, until: datetime) -> datetime:  # noqa: ARG002
        raise ConflictError("an archive folder cannot lock files; archive to a bucket with Object Lock")

    def set_legal_hold(self, key: str, version_id: str | None, on: bool) -> None:  # noqa: ARG002
        raise ConflictError("an archive folder cannot set legal holds; archive to a bucket with Object Lock")

    def kept_by(self, key: str, version_id: str | None) -> str:  # noqa: ARG002 - a folder keeps nothing from anybody
        return ""

    def abort_uploads(self, before: datetime) -> int:  # noqa: ARG002 - a file appears whole or not at all
        return 0

    def check(self, required: Required) -> list[RequirementCheck]:
        lock = RequirementCheck(Requirement.OBJECT_LOCK, RequirementState.NOT_REQUIRED, "a folder cannot lock files")
        if required.object_lock is not None:
            text = f"a folder cannot lock files, which {required.object_lock} requires: archive to a bucket"
            lock = RequirementCheck(Requirement.OBJECT_LOCK, RequirementState.UNMET, text)
        return [self._round_trip(), lock]

    def _round_trip(self) -> RequirementCheck:
        probe = self._root / f".check-{secrets.token_hex(8)}"
        body = secrets.token_bytes(64)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(body)
            came_back = probe.read_bytes() == body
            probe.unlink()
        except OSError as error:
            return RequirementCheck(Requirement.ROUND_TRIP, RequirementState.UNMET, str(_unavailable(error)))
        if not came_back:
            return RequirementCheck(
                Requirement.ROUND_TRIP, RequirementState.UNMET, "what was written came back changed"
            )
        return RequirementCheck(Requirement.ROUND_TRIP, RequirementState.MET, "written, read back, deleted")

    def _path(self, key: str) -> Path:
        parts = PurePosixPath(key).parts
        if not parts or ".." in parts or PurePosixPath(key).is_absolute():
            raise InvalidInputError(f"invalid object key: {key}")
        return self._root.joinpath(*parts)


def read_range(path: Path, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """Return bytes of a file in pieces. Raises NotFoundError, at the call, if there is no such file."""
    if not path.is_file():
        raise NotFoundError(f"there is no file {path.name}")
    return _pieces(path, start, length)


def _pieces(path: Path, start: int, length: int | None) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = length
        while left is None or left > 0:
            piece = file.read(PIECE_BYTES if left is None else min(left, PIECE_BYTES))
            if not piece:
                return
            left = None if left is None else left - len(piece)
            yield piece


def sha256_of(pieces: Iterable[bytes]) -> tuple[str, int]:
    """Return SHA-256 (hex) and number of the bytes."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


@contextlib.contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target` that becomes `target`, synced to disk, if the block ends without an error."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        publish(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def publish(finished: Path, target: Path) -> None:
    """Sync a finished file to disk and rename it into place, replacing an existing one (rename(2) is atomic)."""
    sync(finished)
    finished.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on disk (fsync(2))."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_disk_full(error: OSError) -> bool:
    """Whether the error means a full disk, which a retry may get past."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def _unavailable(error: OSError) -> UnavailableError:
    return UnavailableError(f"the archive folder cannot be used: {error.strerror}")
