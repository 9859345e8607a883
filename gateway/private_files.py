"""Keep this installation's files private to the account that runs it: umask, data folder, SQLite database.

Every entry point calls `prepare` before it writes anything. `reelgate` also sets the umask itself, for commands without a
data folder.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from gateway.core.errors import InvalidInputError
from gateway.settings import Settings
from gateway.telemetry import get_logger

_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600
_OTHERS: Final = 0o077
_SQLITE_SUFFIXES: Final = ("", "-wal", "-shm", "-journal")
_log = get_logger()


def prepare(settings: Settings) -> None:
    """Create the data folder if needed; close it and an SQLite database to other accounts.

    Raises InvalidInputError if a folder open to others cannot be closed because it belongs to another account, which
    could read or replace the recordings in it.
    """
    os.umask(_OTHERS)  # for the children too
    settings.data_dir.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    _close(settings.data_dir, _PRIVATE_FOLDER)
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return
    for suffix in _SQLITE_SUFFIXES:
        with suppress(FileNotFoundError):
            _close(Path(url.database + suffix), _PRIVATE_FILE)


def _close(path: Path, mode: int) -> None:
    found = stat.S_IMODE(path.stat().st_mode)
    if not found & _OTHERS:
        return
    try:
        path.chmod(found & mode)
    except OSError as error:
        raise InvalidInputError(
            f"{path} is open to other accounts (mode {found:04o}) and cannot be closed: {error.strerror}; "
            f"run chmod {mode:o} on it, or set REELGATE_DATA_DIR to a folder of your own"
        ) from error
    _log.warning("permissions.tightened", path=str(path), was=f"{found:04o}", now=f"{found & mode:04o}")
