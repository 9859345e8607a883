"""Queries on counted sign-in tries."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, not_, text
from sqlmodel import Session, col, func, select

from gateway.db.lifetime import alive
from gateway.db.models import SignInTries, TriesScope, User

# Any constant will do, but the audit trail's: PostgreSQL advisory locks are named by number.
_LOCK: Final = 0x5265656D


def lock(session: Session) -> None:
    """Count alone until the transaction ends. SQLite's writing transactions are alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def window_of(
    session: Session, scope: TriesScope, username: str, address: str, now: datetime, length: timedelta
) -> SignInTries:
    """The current window of these tries; a new one begins where there is none."""
    query = select(SignInTries).where(
        SignInTries.scope == scope, SignInTries.username == username, SignInTries.address == address
    )
    found = session.exec(query).first()
    if found is None:
        found = SignInTries(scope=scope, username=username, address=address, began_at=now, expires_at=now + length)
        session.add(found)
    return found


def expired(session: Session, now: datetime) -> list[SignInTries]:
    """Windows that have ended."""
    return list(session.exec(select(SignInTries).where(not_(_is_alive(now)))))


def address_count(session: Session) -> int:
    """From how many addresses tries are counted."""
    return session.exec(select(func.count()).where(SignInTries.scope == TriesScope.ADDRESS)).one()


def current(session: Session, now: datetime) -> list[tuple[SignInTries, User | None]]:
    """Windows that have not ended, but everyone's, newest first, with the account of their name where there is one."""
    query = (
        select(SignInTries, User)
        .join(User, col(User.username) == col(SignInTries.username), isouter=True)
        .where(_is_alive(now), SignInTries.scope != TriesScope.EVERYONE)
        .order_by(col(SignInTries.began_at).desc())
    )
    return list(session.exec(query))


def _is_alive(now: datetime) -> ColumnElement[bool]:
    return alive(col(SignInTries.began_at), col(SignInTries.expires_at), now)
