"""Many rows at once, by the quickest way each database has; the values are as they are stored.

Caller: `gateway.search.spans`. SQLite takes one prepared statement for all rows, PostgreSQL a stream (COPY). Neither goes
through the ORM: ten thousand rows by it cost more than all the indexes they go into.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, SQLModel


def load(session: Session, table: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, in the session's transaction. Raises the database's own errors."""
    name, names = table.__tablename__, ", ".join(columns)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
        return
    values = list(map(tuple, rows))
    if values:
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({marks})", values)  # noqa: S608 - names of columns, all ours
