"""Open what commands work on: settings, logging, and an existing database of this version."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import make_url

from gateway.audit import Actor
from gateway.commands.ending import VERBOSE
from gateway.commands.output import warn
from gateway.core.errors import NotFoundError, UnavailableError
from gateway.core.printable import printable
from gateway.db.database import Database
from gateway.db.migrate import require_current, upgrade
from gateway.keys.site import open_database
from gateway.private_files import prepare
from gateway.settings import Settings, get_settings, unknown_settings
from gateway.telemetry import configure_logging


class Installation(NamedTuple):
    """The data of one Reelgate."""

    settings: Settings
    database: Database


@contextmanager
def opened(*, new: bool = False) -> Iterator[Installation]:
    """Open the installation for one command, and close it whatever happens.

    Only a command that may run first (`new`) creates a data folder or a database; any other fails without one, so that
    a mistyped folder leaves nothing behind. Raises NotFoundError or UnavailableError.
    """
    settings = command_settings()
    if new:
        make_data_folder(settings)
        upgrade(settings.database)
    else:
        _require_data(settings)
    database = open_database(settings)
    try:
        if not new:
            require_current(database)
        yield Installation(settings, database)
    finally:
        database.close()


def command_settings() -> Settings:
    """Return the settings, and log to standard error: errors only, or everything with --verbose."""
    settings = get_settings()
    for line in unknown_settings():
        warn(line)
    configure_logging(level="INFO" if VERBOSE.get() else "ERROR", as_json=settings.log_json)
    return settings


def make_data_folder(settings: Settings) -> None:
    """Create the data folder if it is missing, and close it to other accounts. Raises UnavailableError."""
    try:
        prepare(settings)
    except OSError as error:
        raise UnavailableError(
            f"the data folder {settings.data_dir} cannot be created: {error.strerror}; set REELGATE_DATA_DIR to another folder"
        ) from error
    if not os.access(settings.data_dir, os.W_OK | os.X_OK):
        raise UnavailableError(
            f"the data folder {settings.data_dir} is not writable; change its mode, or set REELGATE_DATA_DIR to another folder"
        )


def command_actor() -> Actor:
    """Return the account name of the person who runs the command."""
    try:
        return Actor(printable(getpass.getuser()))
    except (KeyError, OSError):  # a container's user may have no name
        return Actor(f"uid {os.getuid()}")


def _require_data(settings: Settings) -> None:
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite":
        return
    try:
        is_there = os.path.exists(url.database or "")  # noqa: PTH110 - the URL's own text
    except ValueError:
        is_there = False
    if not is_there:
        raise NotFoundError(
            f"no Reelgate data in {settings.data_dir.absolute()}; set REELGATE_DATA_DIR to the data folder"
        )
