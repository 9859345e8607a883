"""Sign-in with a server-side session behind an HttpOnly cookie.

Callers: the auth endpoints, `gateway.api.deps.allow` for every route, the tunnel's endpoint for its socket.
"""

import hashlib
import math
import secrets
from datetime import timedelta

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from gateway.audit import Actor, AuditTag, record
from gateway.context import GatewayState
from gateway.core.errors import ReelgateError, TooManyTriesError
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import SignIn, User
from gateway.db.repositories import users
from gateway.identity import sign_in_limits as limits
from gateway.identity.sign_in_limits import Tries

COOKIE = "reelgate_sign_in"


class WrongPasswordError(ReelgateError):
    """Name or password is wrong; which one is not said."""


def client_address(connection: HTTPConnection) -> str:
    """The asker's address as the server saw it (behind a trusted proxy: as that proxy says)."""
    return connection.client.host if connection.client else ""


def token_hash(token: str) -> str:
    """SHA-256 (hex) of a random token: what is stored in its place."""
    return hashlib.sha256(token.encode()).hexdigest()


async def sign_in(state: GatewayState, *, username: str, password: str, address: str) -> tuple[User, str]:
    """Check name and password; returns the user and the cookie's value.

    Raises WrongPasswordError, TooManyTriesError or BusyError. The slow hash is made outside any transaction and thread
    that others need, and for unknown names too: time tells.
    """
    name = username.strip().lower()
    with state.password_checks.slot(address):
        tries = await run_in_threadpool(_reserve, state.database, name, address)
        known = tries.user if tries.user is not None and tries.user.disabled_at is None else None
        right = await state.password_checks.verify(password, known.password_hash if known else None)
        if known is None or not right:
            await run_in_threadpool(_confirm, state.database, tries)
            raise WrongPasswordError("username or password is wrong")
        return known, await run_in_threadpool(_begin, state, known, tries)


def _reserve(database: Database, name: str, address: str) -> Tries:
    with database.write() as session:
        tries = Tries(name, address, users.by_username(session, name))
        retry_seconds = limits.reserve(session, tries)
    if retry_seconds is not None:
        minutes = math.ceil(retry_seconds / 60)
        wait = f"{minutes} minutes" if minutes > 1 else "a moment"
        raise TooManyTriesError(f"too many failed sign-ins; wait {wait} and try again", retry_seconds)
    return tries


def _confirm(database: Database, tries: Tries) -> None:
    with database.write() as session:
        limits.confirm(session, tries)


def _begin(state: GatewayState, user: User, tries: Tries) -> str:
    token = secrets.token_urlsafe(32)
    with state.database.write() as session:
        limits.forget(session, tries)
        _remember(session, user, token, tries.address, state.settings.sign_in_hours)
    return token


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
