"""Sign-in with server-side sessions, identified by a random token; the database stores its hash."""

import hashlib
import math
import secrets
from datetime import timedelta

from anyio import to_thread
from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ReelgateError, TooManyAttemptsError
from gateway.core.session import CloseReason
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import SignIn, User
from gateway.db.repositories import session_commands as running, users
from gateway.db.repositories.users import SignedIn
from gateway.identity import sign_in_limits as limits
from gateway.identity.password_checks import PasswordChecks
from gateway.identity.sign_in_limits import Attempts
from gateway.session_commands import end_all


class WrongPasswordError(ReelgateError):
    """Name or password is wrong; the error does not reveal which."""


def token_hash(token: str) -> str:
    """Return the SHA-256 (hex) of a token, which is stored in its place."""
    return hashlib.sha256(token.encode()).hexdigest()


async def sign_in(
    database: Database, checks: PasswordChecks, *, username: str, password: str, address: str, hours: float
) -> tuple[User, str]:
    """Check name and password; return the user and a token that is valid for the given hours.

    Raises WrongPasswordError, TooManyAttemptsError or BusyError. The slow hash runs outside transactions and shared
    threads, and for unknown names too, so that timing reveals nothing.
    """
    name = username.strip().lower()
    with checks.slot(address):
        attempts = await to_thread.run_sync(_reserve, database, name, address)
        known = attempts.user if attempts.user is not None and attempts.user.disabled_at is None else None
        right = await checks.verify(password, known.password_hash if known else None)
        if known is None or not right:
            await to_thread.run_sync(_confirm, database, attempts)
            raise WrongPasswordError("wrong username or password")
        return known, await to_thread.run_sync(_begin, database, known, attempts, hours)


def _reserve(database: Database, name: str, address: str) -> Attempts:
    with database.write() as session:
        attempts = Attempts(name, address, users.by_username(session, name))
        retry_seconds = limits.reserve(session, attempts)
    if retry_seconds is not None:
        minutes = math.ceil(retry_seconds / 60)
        wait = f"{minutes} minutes" if minutes > 1 else "a moment"
        raise TooManyAttemptsError(f"too many failed sign-ins; wait {wait} and try again", retry_seconds)
    return attempts


def _confirm(database: Database, attempts: Attempts) -> None:
    with database.write() as session:
        limits.confirm(session, attempts)


def _begin(database: Database, user: User, attempts: Attempts, hours: float) -> str:
    token = secrets.token_urlsafe(32)
    with database.write() as session:
        limits.forget(session, attempts)
        _remember(session, user, token, attempts.address, hours)
    return token


def _remember(session: Session, user: User, token: str, address: str, hours: float) -> None:
    now = utc_now()
    users.drop_expired_sign_ins(session, now)
    session.add(
        SignIn(token_hash=token_hash(token), user_id=user.id, address=address, expires_at=now + timedelta(hours=hours))
    )
    record(session, AuditTag.SIGN_IN_SUCCEEDED, actor_of(user, address), subject_id=user.id)


def sign_out(database: Database, user: User, token: str, address: str) -> None:
    """End this sign-in and the sessions opened under it."""
    actor = actor_of(user, address)
    with database.write() as session:
        found = users.by_sign_in(session, token_hash(token))
        users.end_sign_ins(session, token_hash=token_hash(token))
        session.flush()  # waits for a session that is being opened; the row's lock comes before the trail's, as there
        record(session, AuditTag.SIGN_OUT, actor, subject_id=user.id)
        if found is not None:
            opened = running.running_of_sign_in(session, found.sign_in_id)
            end_all(session, opened, CloseReason.SIGNED_OUT, "you signed out", actor)


def signed_in(database: Database, token: str) -> SignedIn | None:
    """Return who signed in with this token, or None. One indexed query; blocks."""
    with database.read() as session:
        return users.by_sign_in(session, token_hash(token))


def actor_of(user: User, address: str) -> Actor:
    """Return the user as an audit actor."""
    return Actor(user.username, user.id, address)
