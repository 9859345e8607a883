"""What the database's errors mean to whoever runs a command: one line, without a secret."""

import sqlite3
from typing import Final

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from gateway.db.database import is_full

_LOCKED: Final = "is locked by another program: try again when it is done"
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: "is damaged: stop Reelgate and restore it from a backup",
    sqlite3.SQLITE_NOTADB: "is not a database, or damaged: stop Reelgate and restore it from a backup",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check owner and mode of the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be opened: check owner and mode of the file and its folder",
    sqlite3.SQLITE_READONLY: "cannot be written: check owner and mode of the file and its folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written: check the disk",
}
_PRIMARY_CODE: Final = 0xFF
# PostgreSQL manual, "PostgreSQL Error Codes": classes of connections, sign-ins, missing databases, resources, operators.
_POSTGRESQL: Final = ("08", "28", "3D", "53", "57")


def explained(error: BaseException) -> str | None:
    """One line for an error of the database's, None for one that is the program's own fault."""
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return "REELGATE_DATABASE_URL cannot be used: give postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME"
    if isinstance(error, DBAPIError):
        if is_full(error):
            return f"{_place()}: the disk is full"
        error = error.orig or error
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        said = _SQLITE.get(code & _PRIMARY_CODE) if code is not None else None
        return f"{_place()} {said}" if said else None
    return _postgresql(error)


def _postgresql(error: BaseException) -> str | None:
    if type(error).__module__.partition(".")[0] != "psycopg":
        return None
    state: str | None = getattr(error, "sqlstate", None)
    is_connection = state is None and type(error).__name__ in {"OperationalError", "ConnectionTimeout"}
    if not is_connection and not (state or "").startswith(_POSTGRESQL):
        return None
    return f"{_place()} cannot be used: {str(error).splitlines()[0]}"


def _place() -> str:
    from sqlalchemy import make_url

    from gateway.settings import get_settings

    url = make_url(get_settings().database)
    if url.get_backend_name() == "sqlite":
        return f"the database {url.database} (REELGATE_DATA_DIR)"
    return f"the database {url.database} on {url.host}:{url.port or 5432} (REELGATE_DATABASE_URL)"
