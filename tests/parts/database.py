"""What the owner of a database can do to it."""

from sqlmodel import Session


def without_triggers(session: Session) -> None:
    """Take away what refuses changes of the audit trail: on PostgreSQL for this transaction."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        for name in [name for name in triggers if name.startswith("audit_")]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
