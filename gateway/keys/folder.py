"""Key files of one kind: `TIME-ID.key`, mode 0600, in a folder of mode 0700 in the keys folder.

Nothing is cached: a key added by a command is at once the newest for every running process. The time in the name orders
them, so copying a folder loses nothing.
"""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from gateway.core.errors import UnavailableError
from gateway.db.columns import utc_now
from gateway.settings import Settings

_SUFFIX: Final = ".key"
_TIME: Final = "%Y%m%dT%H%M%S.%fZ"
_FOLDER_MODE: Final = 0o700

NewKey = Callable[[], tuple[str, bytes]]
"""Generate a key: its id and the content of its file."""


class KeyMissingError(UnavailableError):
    """A needed key is missing, or does not match its name; the text says what to restore."""


class KeyFile(NamedTuple):
    """The file of one key."""

    id: str
    created_at: datetime
    path: Path

    def read(self) -> bytes:
        """Read the file. Raises KeyMissingError."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise KeyMissingError(f"the key file {self.path} cannot be read: {error.strerror}") from error


class KeyFolder:
    """The files of one kind of key."""

    def __init__(self, settings: Settings, kind: str) -> None:
        self.path = settings.keys_folder / kind

    def files(self) -> list[KeyFile]:
        """Return all keys, oldest first. Raises KeyMissingError if the folder cannot be read."""
        try:
            paths = sorted(self.path.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise KeyMissingError(f"the key folder {self.path} cannot be read: {error.strerror}") from error
        return [found for path in paths if (found := _parsed(path)) is not None]

    def ensure(self, make: NewKey) -> bool:
        """Add a first key if there is none; return whether this call added it.

        Of several concurrent calls, one adds it.
        """
        if self.files():
            return False
        with self._locked():
            if self.files():
                return False
            self._write(make)
        return True

    def add(self, make: NewKey) -> KeyFile:
        """Add a key that is newer than all others."""
        with self._locked():
            self._write(make)
            return self.files()[-1]

    def _write(self, make: NewKey) -> None:
        key_id, content = make()
        newest = [file.created_at + timedelta(microseconds=1) for file in self.files()[-1:]]
        created_at = max([utc_now(), *newest])  # the clock may have been set back
        descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=self.path)  # mode 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).rename(self.path / f"{created_at.strftime(_TIME)}-{key_id}{_SUFFIX}")
        _sync_folder(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock out other processes (flock(2) on the folder). Raises KeyMissingError if the folder cannot be created."""
        try:
            for folder in (self.path.parent, self.path):
                folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise KeyMissingError(f"the key folder {self.path} cannot be created: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _parsed(path: Path) -> KeyFile | None:
    """Return None if it is not a key file (a leftover draft)."""
    time, _, key_id = path.name.removesuffix(_SUFFIX).partition("-")
    if not path.name.endswith(_SUFFIX) or path.name.startswith(".") or not key_id:
        return None
    try:
        return KeyFile(key_id, datetime.strptime(time, _TIME).replace(tzinfo=UTC), path)
    except ValueError:
        return None


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
