"""A SQLite file with a page of a table overwritten, as a bad disk leaves it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def spoil_table(file: Path, table: str) -> None:
    """Overwrite the root page of the table; nobody may have the file open."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\xa5" * size)
