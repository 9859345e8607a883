"""Copy a whole site while it runs: the database, and every file that its rows name.

The database is copied first. Anything recorded afterwards is then in the copy as files without rows, which `reelgate
reconcile` finds, and never as rows without files. Keys are copied only on request, into a separate folder: a backup
that contains its keys protects nobody from whoever finds it.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url

from gateway.core.errors import ConflictError, InvalidInputError, UnavailableError
from gateway.settings import Settings

# Folders of the data folder that hold evidence; the next start recreates everything else.
_FOLDERS: Final = ("recordings", "archive", "exports")
_FILES: Final = ("gateway-id",)
# Scratch space of running stages, in clear.
_SCRATCH: Final = ".work"
SQLITE_COPY: Final = "reelgate.db"
POSTGRESQL_COPY: Final = "reelgate.dump"


@dataclass
class Backup:
    """What was copied. `vanished_count`: files that were archived or purged while being copied."""

    file_count: int = 0
    byte_count: int = 0
    vanished_count: int = 0


def back_up(settings: Settings, folder: Path, *, progress: Callable[[float], None]) -> Backup:
    """Copy the site into `folder`, which must not exist yet; `progress` receives the share done, 0 to 1.

    Raises ConflictError if it exists, InvalidInputError if it is inside the data folder, UnavailableError if the
    database cannot be copied.
    """
    data = settings.data_dir.resolve()
    if folder.resolve().is_relative_to(data):
        raise InvalidInputError(f"{folder} is inside the data folder {data}; name a folder on another disk")
    _create(folder)
    _copy_database(make_url(settings.database), folder)
    done = Backup()
    sources = list(_sources(data))
    for number, source in enumerate(sources, start=1):
        _copy(source, folder / source.relative_to(data), done)
        progress(number / len(sources))
    return done


def back_up_keys(settings: Settings, folder: Path) -> None:
    """Copy the keys that open what was recorded into `folder`, which must not exist yet. Raises ConflictError."""
    _create(folder)
    if settings.keys_folder.is_dir():
        shutil.copytree(settings.keys_folder, folder / "keys")
    key = settings.secret_key_file or settings.data_dir / "secret.key"
    if key.is_file():
        shutil.copy2(key, folder / "secret.key")


def _create(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise ConflictError(f"{folder} already exists; name a new folder") from error


def _sources(data: Path) -> Iterator[Path]:
    yield from (data / name for name in _FILES if (data / name).is_file())
    for name in _FOLDERS:
        for path in sorted((data / name).rglob("*")):
            if _SCRATCH not in path.relative_to(data).parts and path.is_file():
                yield path


def _copy(source: Path, target: Path, done: Backup) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        done.vanished_count += 1
        with suppress(FileNotFoundError):
            target.unlink()
        return
    done.file_count += 1
    done.byte_count += target.stat().st_size


def _copy_database(url: URL, folder: Path) -> None:
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), folder / SQLITE_COPY)
    else:
        _dump_postgresql(url, folder / POSTGRESQL_COPY)


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy one consistent state while others write (SQLite documentation, "Online Backup API")."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
    except sqlite3.Error as error:
        raise UnavailableError(f"the database {source} could not be copied: {error}") from error


def _dump_postgresql(url: URL, target: Path) -> None:
    """Run `pg_dump` in its custom format. The password goes by the environment, because arguments are public."""
    place = make_conninfo(
        host=url.host,
        port=url.port,
        user=url.username,
        dbname=url.database,
        **{k: str(v) for k, v in url.query.items()},
    )
    environment = {"PATH": os.environ.get("PATH", ""), "PGPASSWORD": url.password or ""}
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={place}"]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise UnavailableError("pg_dump is not on PATH; install PostgreSQL's client programs") from error
    if done.returncode:
        raise UnavailableError(f"pg_dump failed: {done.stderr.strip()}")
