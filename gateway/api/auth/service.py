"""Sign-in with a server-side session behind an HttpOnly cookie.

Callers: the auth endpoints, `gateway.api.deps.allow` for every route, the tunnel's endpoint for its socket.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlmodel import Session
from starlette.requests import HTTPConnection

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ReelgateError
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import SignIn, User
from gateway.db.repositories import users
from gateway.passwords import verify_password

COOKIE = "reelgate_sign_in"
# After this many failures for one name from one address the answer is "later", right password or not.
MAX_FAILURES = 10
FAILURE_WINDOW = timedelta(minutes=15)


class TooManyFailuresError(ReelgateError):
    """Guessing: wait, then try again."""


class WrongPasswordError(ReelgateError):
    """Name or password is wrong; which one is not said."""


def client_address(connection: HTTPConnection) -> str:
    """The asker's address as the server saw it (behind a trusted proxy: as that proxy says)."""
    return connection.client.host if connection.client else ""


def token_hash(token: str) -> str:
    """SHA-256 (hex) of a random token: what is stored in its place."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(database: Database, *, username: str, password: str, address: str, hours: float) -> tuple[User, str]:
    """Check name and password; returns the user and the cookie's value.

    Raises WrongPasswordError or TooManyFailuresError; both leave an audit event.
    """
    name = username.strip().lower()
    with database.read() as session:
        failures = users.failed_sign_ins(session, username=name, address=address, within=FAILURE_WINDOW)
        user = users.by_username(session, name)
    if failures >= MAX_FAILURES:
        _note_failure(database, name, address, guessing=True)
        raise TooManyFailuresError("too many failed sign-ins; wait a quarter of an hour and try again")
    known = user if user is not None and user.disabled_at is None else None
    # The slow hash is done outside any transaction, and for unknown names too: SQLite has one writer, and time tells.
    right = verify_password(password, known.password_hash if known else None)
    if known is None or not right:
        _note_failure(database, name, address, guessing=False)
        raise WrongPasswordError("username or password is wrong")
    token = secrets.token_urlsafe(32)
    with database.write() as session:
        _remember(session, known, token, address, hours)
    return known, token


def _note_failure(database: Database, name: str, address: str, *, guessing: bool) -> None:
    with database.write() as session:
        record(session, AuditTag.SIGN_IN_FAILED, Actor(name, address=address), guessing=guessing)


def _remember(session: Session, user: User, token: str, address: str, hours: float) -> None:
    now = utc_now()
    users.drop_expired_sign_ins(session, now)
    session.add(
        SignIn(token_hash=token_hash(token), user_id=user.id, address=address, expires_at=now + timedelta(hours=hours))
    )
    record(session, AuditTag.SIGN_IN_SUCCEEDED, actor_of(user, address), subject_id=user.id)


def sign_out(database: Database, user: User, token: str, address: str) -> None:
    """End this sign-in."""
    with database.write() as session:
        users.end_sign_ins(session, token_hash=token_hash(token))
        record(session, AuditTag.SIGN_OUT, actor_of(user, address), subject_id=user.id)


def authenticate(connection: HTTPConnection) -> User | None:
    """The signed-in user behind a request or socket, or None. One indexed query; blocking."""
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    database: Database = connection.app.state.gateway.database
    with database.read() as session:
        return users.by_sign_in(session, token_hash(token))


def actor_of(user: User, address: str) -> Actor:
    """The user as the audit trail names them."""
    return Actor(user.username, user.id, address)
