"""Queries on counted sign-in attempts."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, not_
from sqlmodel import Session, col, func, select

from gateway.db.lifetime import alive
from gateway.db.models import AttemptScope, SignInAttempts, User


def window_of(
    session: Session, scope: AttemptScope, username: str, address: str, now: datetime, length: timedelta
) -> SignInAttempts:
    """Return the current window of these attempts, begun now if there is none."""
    query = select(SignInAttempts).where(
        SignInAttempts.scope == scope, SignInAttempts.username == username, SignInAttempts.address == address
    )
    found = session.exec(query).first()
    if found is None:
        found = SignInAttempts(scope=scope, username=username, address=address, began_at=now, expires_at=now + length)
        session.add(found)
    return found


def expired(session: Session, now: datetime) -> list[SignInAttempts]:
    """Return the windows that have ended."""
    return list(session.exec(select(SignInAttempts).where(not_(_is_alive(now)))))


def address_count(session: Session) -> int:
    """Count the addresses that attempts are counted for."""
    return session.exec(select(func.count()).where(SignInAttempts.scope == AttemptScope.ADDRESS)).one()


def current(session: Session, now: datetime) -> list[tuple[SignInAttempts, User | None]]:
    """Return unfinished windows except everyone's, newest first, each with the account of its name if there is one."""
    query = (
        select(SignInAttempts, User)
        .join(User, col(User.username) == col(SignInAttempts.username), isouter=True)
        .where(_is_alive(now), SignInAttempts.scope != AttemptScope.EVERYONE)
        .order_by(col(SignInAttempts.began_at).desc())
    )
    return list(session.exec(query))


def _is_alive(now: datetime) -> ColumnElement[bool]:
    return alive(col(SignInAttempts.began_at), col(SignInAttempts.expires_at), now)
