"""Queries on counted sign-in tries."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from gateway.db.models import SignInTries, TriesScope, User


def window_of(
    session: Session, scope: TriesScope, username: str, address: str, now: datetime, length: timedelta
) -> SignInTries:
    """Return the current window of these tries, begun now if there is none."""
    query = select(SignInTries).where(
        SignInTries.scope == scope, SignInTries.username == username, SignInTries.address == address
    )
    found = session.exec(query).first()
    if found is None:
        found = SignInTries(scope=scope, username=username, address=address, began_at=now, expires_at=now + length)
        session.add(found)
    return found


def expired(session: Session, now: datetime) -> list[SignInTries]:
    """Return the windows that have ended."""
    return list(session.exec(select(SignInTries).where(SignInTries.expires_at <= now)))


def address_count(session: Session) -> int:
    """Count the addresses that tries are counted for."""
    return session.exec(select(func.count()).where(SignInTries.scope == TriesScope.ADDRESS)).one()


def current(session: Session, now: datetime) -> list[tuple[SignInTries, User | None]]:
    """Return unfinished windows except everyone's, newest first, each with the account of its name if there is one."""
    query = (
        select(SignInTries, User)
        .join(User, col(User.username) == col(SignInTries.username), isouter=True)
        .where(SignInTries.expires_at > now, SignInTries.scope != TriesScope.EVERYONE)
        .order_by(col(SignInTries.began_at).desc())
    )
    return list(session.exec(query))
