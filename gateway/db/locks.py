"""Locks for writers that must not overlap, held to the end of the transaction."""

from enum import IntEnum, unique

from sqlalchemy import text
from sqlmodel import Session


@unique
class Lock(IntEnum):
    """What is locked. PostgreSQL names advisory locks by number: any will do, as long as no two are the same."""

    AUDIT_TRAIL = 0x5265656C
    SIGN_IN_ATTEMPTS = 0x5265656D
    SPANS = 0x5265656E


def acquire(session: Session, lock: Lock) -> None:
    """Wait for the lock. SQLite needs none: it has one write transaction at a time."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock.value})
