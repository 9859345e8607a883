"""Many rows at once, by the quickest way each database has; the values are as they are stored.

Caller: `gateway.search.spans`. Neither way goes through the ORM, which takes longer than all the indexes that the rows
go into. PostgreSQL takes a stream (COPY). SQLite gets the rows into a temporary table and moves them by one statement: a trigger that writes to a full-text index makes every statement write that index out (FTS5 flushes at
savepoints), which is ten times as slow row by row.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, SQLModel


def load(session: Session, table: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, in the session's transaction. Raises the database's own errors."""
    name, names = table.__tablename__, ", ".join(columns)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        values = list(map(tuple, rows))
        if not values:
            return
        run = connection.exec_driver_sql
        run(f"CREATE TEMP TABLE loaded ({names})")
        run(f"INSERT INTO loaded VALUES ({', '.join('?' * len(columns))})", values)  # noqa: S608 - marks only
        run(f"INSERT INTO {name} ({names}) SELECT * FROM loaded ORDER BY 1")  # noqa: S608 - names of ours
        run("DROP TABLE loaded")
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
