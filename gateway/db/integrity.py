"""Whether the database's file is whole: SQLite's own check, at the start and on a timer.

Damage to a page is silent until that page is read. PostgreSQL checks its pages itself (data checksums).
"""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

from sqlmodel import select

from gateway.db.database import Database
from gateway.db.models import AccessSession, AuditEvent, GatewayNode, Recording, Stage, Target, Ticket, User
from gateway.telemetry import get_logger

# It reads the whole file: rarely enough not to matter, often enough that a damaged backup is not the only one left.
CHECK_SECONDS: Final = 6 * 3600.0
_BUSY_SECONDS: Final = 5.0
_VITAL_TABLES: Final = (AccessSession, AuditEvent, GatewayNode, Recording, Stage, Target, Ticket, User)
_LITERAL: Final[dict[str, Any]] = {"literal_binds": True}

_log = get_logger()


class Integrity:
    """What the last check found. `damage` is None while nothing is known to be wrong."""

    def __init__(self) -> None:
        self.damage: str | None = None
        self._reading: sqlite3.Connection | None = None

    async def keep_checking(self, database: Database, seconds: float = CHECK_SECONDS) -> None:
        """Check now and then again, until cancelled."""
        try:
            while database.is_sqlite:
                await asyncio.to_thread(self.check, database)
                await asyncio.sleep(seconds)
        finally:
            if (reading := self._reading) is not None:
                reading.interrupt()  # reading a large file would hold up the end of the process

    def check(self, database: Database) -> None:
        """Check once. Blocks for as long as reading the file takes."""
        started = time.monotonic()
        try:
            with _fresh_connection(database) as connection:
                self._reading = connection
                (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            self.damage = None if answer == "ok" else " ".join(str(answer).split())[:500]
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return
            self.damage = str(error)
        finally:
            self._reading = None
        if self.damage is not None:
            _log.error("database.damaged", detail=self.damage)
        else:
            _log.info("database.checked", seconds=round(time.monotonic() - started, 3))


def read_tables(database: Database) -> None:
    """Read a row of each table that sessions need. Raises SQLAlchemyError, or sqlite3.Error."""
    if not database.is_sqlite:
        with database.read() as session:
            for table in _VITAL_TABLES:
                session.exec(select(table).limit(1)).first()
        return
    with _fresh_connection(database) as connection:
        for table in _VITAL_TABLES:
            connection.execute(str(select(table).limit(1).compile(database.engine, compile_kwargs=_LITERAL))).fetchone()


@contextmanager
def _fresh_connection(database: Database) -> Iterator[sqlite3.Connection]:
    """A connection that has no page in its cache yet: damage to the file is not seen through cached pages."""
    connection = sqlite3.connect(database.engine.url.database or "", timeout=_BUSY_SECONDS, check_same_thread=False)
    with closing(connection):
        connection.execute("PRAGMA query_only=ON")
        yield connection
