"""Queries on users and their sign-ins."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.lifetime import alive
from gateway.db.models import SignIn, User


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user and the sign-in by which he is known."""

    user: User
    sign_in_id: str


def all_users(session: Session) -> list[User]:
    """Return all accounts, disabled ones too, by name."""
    return list(session.exec(select(User).order_by(User.username)).all())


def by_username(session: Session, username: str) -> User | None:
    """Return the account of that name; names are compared in lower case."""
    return session.exec(select(User).where(User.username == username.strip().lower())).first()


def enabled_admin_count(session: Session) -> int:
    """Count the admins who can sign in."""
    query = select(func.count()).where(User.role == Role.ADMIN, col(User.disabled_at).is_(None))
    return session.exec(query).one()


def by_sign_in(session: Session, token_hash: str) -> SignedIn | None:
    """Return the enabled user behind a sign-in that has not expired."""
    query = (
        select(User, SignIn.id)
        .join(SignIn)
        .where(SignIn.token_hash == token_hash, _is_alive(utc_now()), col(User.disabled_at).is_(None))
    )
    found = session.exec(query).first()
    return None if found is None else SignedIn(*found)


def still_signed_in(session: Session, known: SignedIn) -> User | None:
    """Return the user as he is now if he may still act under that sign-in; both rows stay so to the end of the transaction."""
    query = (
        select(User)
        .join(SignIn)
        .where(SignIn.id == known.sign_in_id, _is_alive(utc_now()), col(User.disabled_at).is_(None))
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return session.exec(query).first()


def end_sign_ins(session: Session, *, user_id: str | None = None, token_hash: str | None = None) -> None:
    """Remove one sign-in, or all of a user."""
    query = select(SignIn)
    if user_id is not None:
        query = query.where(SignIn.user_id == user_id)
    if token_hash is not None:
        query = query.where(SignIn.token_hash == token_hash)
    for row in session.exec(query):
        session.delete(row)


def drop_expired_sign_ins(session: Session, now: datetime) -> None:
    """Delete expired sign-ins. One made in the future stays: it is refused, and the clock that is wrong may be this one."""
    for row in session.exec(select(SignIn).where(col(SignIn.expires_at) <= now)):
        session.delete(row)


def is_signed_in_from(session: Session, user_id: str, address: str) -> bool:
    """Whether the user has a sign-in from that address that has not expired."""
    query = select(SignIn.id).where(SignIn.user_id == user_id, SignIn.address == address, _is_alive(utc_now()))
    return session.exec(query.limit(1)).first() is not None


def _is_alive(now: datetime) -> ColumnElement[bool]:
    return alive(col(SignIn.created_at), col(SignIn.expires_at), now)
