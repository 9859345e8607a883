"""Dependencies of routes: the process's state, and the permission that each route must declare.

Deny by default: `create_app` rejects a route that neither depends on `allow(...)` nor is in its list of public routes.
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
    """Return the process's state, set by `create_app`."""
    state: GatewayState = request.app.state.gateway
    return state


def live_state(request: Request) -> LiveState:
    """Return the process's state with its live sessions."""
    state: LiveState = request.app.state.gateway
    return state


def signed_in(request: Request) -> User:
    """Return the signed-in user. Raises 401 without one."""
    user = authenticate(request)
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "sign in first")
    return user


def allow(*actions: Action) -> Callable[..., User]:
    """Return a dependency that yields the signed-in user if their role allows one of `actions`, else 401 or 403."""

    def permitted(user: SignedIn) -> User:
        if not any(allows(user.role, action) for action in actions):
            raise HTTPException(status.HTTP_403_FORBIDDEN, f"your role ({user.role}) does not allow this")
        return user

    setattr(permitted, PERMISSION, actions)
    return permitted


def actor(request: Request, user: Annotated[User, Depends(signed_in)]) -> Actor:
    """Return the signed-in user as an audit actor."""
    return actor_of(user, client_address(request))


setattr(signed_in, PERMISSION, ())

GatewayStateDep = Annotated[GatewayState, Depends(gateway_state)]
LiveStateDep = Annotated[LiveState, Depends(live_state)]
SignedIn = Annotated[User, Depends(signed_in)]
ActorDep = Annotated[Actor, Depends(actor)]
