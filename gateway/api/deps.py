"""What routes depend on: the process's state, and the permission each of them must name.

Deny by default: `create_app` refuses a route that depends on neither `allow(...)` nor stands in its list of public ones.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request, status

from gateway.audit import Actor
from gateway.context import GatewayState
from gateway.core.policy.access import Action, allows
from gateway.db.models import User
from gateway.identity.sign_in import actor_of
from gateway.requester import authenticate, client_address
from gateway.sessions.live_state import LiveState

PERMISSION = "reelgate_permission"


def gateway_state(request: Request) -> GatewayState:
    """The process's state, put there by `create_app`."""
    state: GatewayState = request.app.state.gateway
    return state


def live_state(request: Request) -> LiveState:
    """The process's state with the sessions that run in it."""
    state: LiveState = request.app.state.gateway
    return state


def signed_in(request: Request) -> User:
    """The user behind the cookie; 401 without one."""
    user = authenticate(request)
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "sign in first")
    return user


def allow(*actions: Action) -> Callable[..., User]:
    """A dependency that gives the signed-in user when the role allows one of `actions`; 401 or 403 otherwise."""

    def permitted(user: SignedIn) -> User:
        if not any(allows(user.role, action) for action in actions):
            raise HTTPException(status.HTTP_403_FORBIDDEN, f"your role ({user.role}) does not allow this")
        return user

    setattr(permitted, PERMISSION, actions)
    return permitted


def actor(request: Request, user: Annotated[User, Depends(signed_in)]) -> Actor:
    """The signed-in user as the audit trail names them."""
    return actor_of(user, client_address(request))


setattr(signed_in, PERMISSION, ())

GatewayStateDep = Annotated[GatewayState, Depends(gateway_state)]
LiveStateDep = Annotated[LiveState, Depends(live_state)]
SignedIn = Annotated[User, Depends(signed_in)]
ActorDep = Annotated[Actor, Depends(actor)]
