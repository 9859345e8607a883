"""Whether the database's file is whole: SQLite's own check, at the start and on a timer.

Damage to a page is silent until that page is read. PostgreSQL checks its pages itself (data checksums).
"""

import asyncio
import sqlite3
import time
from typing import Final, cast

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.db.database import Database
from gateway.telemetry import get_logger

# It reads the whole file: rarely enough not to matter, often enough that a damaged backup is not the only one left.
CHECK_SECONDS: Final = 6 * 3600.0

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
            with database.read() as session:
                connection = session.connection()
                self._reading = cast("sqlite3.Connection", connection.connection.driver_connection)
                answer = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
            self.damage = None if answer == "ok" else " ".join(answer.split())[:500]
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                return
            self.damage = str(error.orig)
        finally:
            self._reading = None
        if self.damage is not None:
            _log.error("database.damaged", detail=self.damage)
        else:
            _log.info("database.checked", seconds=round(time.monotonic() - started, 3))
