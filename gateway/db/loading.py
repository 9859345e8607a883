"""Bulk inserts, by the fastest way each database has; values are as stored.

Neither way uses the ORM, which takes longer than all the indexes of the rows. PostgreSQL takes a stream (COPY). SQLite
takes row after row, except where a trigger writes to a full-text index: FTS5 flushes at savepoints, so every statement
writes the index out, which is ten times as slow row by row. Those rows go into a temporary table and from there by one
statement.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session, SQLModel


def load(session: Session, table: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, in the session's transaction. Raises the database's own errors."""
    name, names = str(table.__tablename__), ", ".join(columns)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        listed = list(map(tuple, rows))
        if not listed:
            return  # the driver would take it for one row without values
        run = connection.exec_driver_sql
        values = f"VALUES ({', '.join('?' * len(columns))})"
        if not _has_trigger(connection, name):
            run(f"INSERT INTO {name} ({names}) {values}", listed)
            return
        run(f"CREATE TEMP TABLE loaded ({names})")
        run(f"INSERT INTO loaded {values}", listed)
        run(f"INSERT INTO {name} ({names}) SELECT * FROM loaded ORDER BY 1")  # noqa: S608 - names of ours
        run("DROP TABLE loaded")
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


def _has_trigger(connection: Connection, table: str) -> bool:
    triggers = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    return connection.exec_driver_sql(triggers, (table,)).first() is not None
