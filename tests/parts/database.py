"""What the owner of a database can do to it, and databases of this version that cost no migration."""

import secrets
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url
from sqlmodel import Session

from gateway.db import migrate


def upgrade(url: str) -> None:
    """Bring an empty database to this version's schema, as `reelgate migrate` does: by a copy of one that was migrated.

    A migration takes a third of a second, and most tests need one.
    """
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        path = Path(found.database or "")
        if path.exists():
            migrate.upgrade(url)
        else:
            path.write_bytes(_migrated_sqlite())
    else:
        _upgrade_postgresql(found)


@cache
def _migrated_sqlite() -> bytes:
    with tempfile.TemporaryDirectory(prefix="reelgate-template-") as folder:
        path = Path(folder) / "reelgate.db"
        migrate.upgrade(f"sqlite:///{path}")
        return path.read_bytes()


def _upgrade_postgresql(url: URL) -> None:
    """Make the database a copy of the migrated one."""
    server = url.set(database="postgres")
    template = _migrated_postgresql(server.render_as_string(hide_password=False))
    _execute(server, f"DROP DATABASE IF EXISTS {url.database}", f"CREATE DATABASE {url.database} TEMPLATE {template}")


@cache
def _migrated_postgresql(server: str) -> str:
    name = f"migrated_{secrets.token_hex(6)}"
    _execute(make_url(server), f"CREATE DATABASE {name}")
    migrate.upgrade(make_url(server).set(database=name).render_as_string(hide_password=False))
    return name


def _execute(server: URL, *statements: str) -> None:
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, connect_timeout=2) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def without_triggers(session: Session) -> None:
    """Take away what refuses changes of the audit trail: on PostgreSQL for this transaction."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        for name in [name for name in triggers if name.startswith("audit_")]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
