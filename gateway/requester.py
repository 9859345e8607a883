"""The address and the signed-in user behind a request or socket."""

from typing import Final

from starlette.requests import HTTPConnection

from gateway.context import GatewayState
from gateway.db.models import User
from gateway.db.repositories.users import SignedIn
from gateway.identity.sign_in import signed_in

COOKIE: Final = "reelgate_sign_in"


def client_address(connection: HTTPConnection) -> str:
    """Return the client's address as the server saw it, or as a trusted proxy reports it."""
    return connection.client.host if connection.client else ""


def authenticate(connection: HTTPConnection) -> User | None:
    """Return the signed-in user behind a request or socket, or None. One indexed query; blocks."""
    known = sign_in_of(connection)
    return None if known is None else known.user


def sign_in_of(connection: HTTPConnection) -> SignedIn | None:
    """Return the user behind a request or socket with the sign-in he is known by, or None. One indexed query; blocks."""
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    state: GatewayState = connection.app.state.gateway
    return signed_in(state.database, token)
