"""Queries on counted sign-in attempts."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from gateway.db.models import AttemptScope, SignInAttempts, User

# Any constant will do, but the audit trail's: PostgreSQL advisory locks are named by number.
_LOCK: Final = 0x5265656D


def lock(session: Session) -> None:
    """Count alone until the transaction ends. SQLite's writing transactions are alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def window_of(
    session: Session, scope: AttemptScope, username: str, address: str, now: datetime, length: timedelta
) -> SignInAttempts:
    """The current window of these attempts; a new one begins where there is none."""
    query = select(SignInAttempts).where(
        SignInAttempts.scope == scope, SignInAttempts.username == username, SignInAttempts.address == address
    )
    found = session.exec(query).first()
    if found is None:
        found = SignInAttempts(scope=scope, username=username, address=address, began_at=now, expires_at=now + length)
        session.add(found)
    return found


def expired(session: Session, now: datetime) -> list[SignInAttempts]:
    """Windows that have ended."""
    return list(session.exec(select(SignInAttempts).where(SignInAttempts.expires_at <= now)))


def address_count(session: Session) -> int:
    """From how many addresses attempts are counted."""
    return session.exec(select(func.count()).where(SignInAttempts.scope == AttemptScope.ADDRESS)).one()


def current(session: Session, now: datetime) -> list[tuple[SignInAttempts, User | None]]:
    """Windows that have not ended, but everyone's, newest first, with the account of their name where there is one."""
    query = (
        select(SignInAttempts, User)
        .join(User, col(User.username) == col(SignInAttempts.username), isouter=True)
        .where(SignInAttempts.expires_at > now, SignInAttempts.scope != AttemptScope.EVERYONE)
        .order_by(col(SignInAttempts.began_at).desc())
    )
    return list(session.exec(query))
