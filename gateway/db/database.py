"""Connections and transactions.

Every process builds one `Database`; reading code uses `read()`, writing code `write()`. SQLite runs in WAL mode, and a
write transaction takes its lock at the start (BEGIN IMMEDIATE), so that two writers wait for each other instead of
failing half way (SQLite manual, "Isolation In SQLite").
"""

import math
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError as PoolTimeoutError,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

# How long a writer waits for another (SQLite), for a lock or for a connection (PostgreSQL). Writes last milliseconds, but for
# a worker's to the full-text index; who answers people waits shorter.
BUSY_SECONDS = 30.0
# Threads that wait to write at the same time. The pool has 15 connections, so that readers always find one.
_MOST_WRITERS = 8
_WRITER_QUEUE_SECONDS = 1.0
_AFTER_COMMIT = "after_commit"
_NOTARY = "notary"
# A server that is cut off sends no error: without these a query waits for it for up to two hours (PostgreSQL manual,
# "Parameter Key Words"). 30 s: as the keep-alives, 15 + 3 * 5. The kernel answers them, however long a query takes.
_NOTICES_A_LOST_SERVER: Final = {
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# PostgreSQL manual, "PostgreSQL Error Codes": disk_full.
_POSTGRESQL_DISK_FULL = "53100"


class Notary(Protocol):
    """The site's signing keys, which never come from the database: whoever can write rows could add his own key."""

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign `message` with the newest key. Returns the key's id and the signature (Ed25519, 64 bytes)."""

    def public_keys(self) -> dict[str, bytes]:
        """Return the raw public keys that this site trusts, by id."""


class Database:
    """One engine and its two kinds of transaction.

    `notary` signs audit events and says whose signatures count. A program that does neither may omit it.
    """

    def __init__(self, url: str, notary: Notary | None = None, *, busy_seconds: float | None = None) -> None:
        self.engine = _engine(url, BUSY_SECONDS if busy_seconds is None else busy_seconds)
        self._info = {_NOTARY: notary}
        self._writer = self.engine.execution_options(reelgate_write=True)
        self._writers = threading.BoundedSemaphore(_MOST_WRITERS)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite rather than PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a read transaction; any changes are rolled back."""
        with Session(self.engine, expire_on_commit=False, info=self._info) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a write transaction, committed at the end of the block, or rolled back if the block raises.

        Raises sqlalchemy.exc.TimeoutError if too many already wait to write.
        """
        if not self._writers.acquire(timeout=_WRITER_QUEUE_SECONDS):
            raise PoolTimeoutError("too many transactions wait to write")
        try:
            yield from self._write()
        finally:
            self._writers.release()

    def _write(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False, info=self._info) as session:
            yield session
            session.commit()
            hooks: list[Callable[[], None]] = session.info.pop(_AFTER_COMMIT, [])
        for hook in hooks:
            hook()

    def close(self) -> None:
        """Close the pooled connections; a thread that still uses one closes it when it is done."""
        event.listen(self.engine, "checkin", _close_returned)
        self.engine.dispose()


def is_full(error: DBAPIError) -> bool:
    """Whether the database's disk is full."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(cause, "sqlstate", None) == _POSTGRESQL_DISK_FULL


def is_unavailable(error: SQLAlchemyError) -> bool:
    """Whether the database is unavailable: locked, full, unreachable, restarting. Not for errors in our code."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is None or code & 0xFF != sqlite3.SQLITE_ERROR  # the code of "no such table" and of bad SQL


def after_commit(session: Session, hook: Callable[[], None]) -> None:
    """Run `hook` once this write transaction has been committed (jobs are sent then, and not before)."""
    session.info.setdefault(_AFTER_COMMIT, []).append(hook)


def notary_of(session: Session) -> Notary:
    """Return the notary of the session's database. Raises RuntimeError if it was opened without one."""
    notary: Notary | None = session.info.get(_NOTARY)
    if notary is None:
        raise RuntimeError("this database was opened without signing keys: nothing can be signed or checked")
    return notary


def _engine(url: str, busy_seconds: float) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        connect_args = {"connect_timeout": math.ceil(busy_seconds), **_NOTICES_A_LOST_SERVER}
        engine = create_engine(url, pool_pre_ping=True, pool_timeout=busy_seconds, connect_args=connect_args)
        event.listen(engine, "connect", partial(_prepare_postgresql, busy_seconds))
        return engine
    engine = create_engine(url, pool_timeout=busy_seconds, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _close_returned(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def _prepare_postgresql(busy_seconds: float, connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {int(busy_seconds * 1000)}")
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own; `_begin_sqlite` does
    # 64 MB of cache (default 2 MB): the full-text index of a large archive is written all over.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("reelgate_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
