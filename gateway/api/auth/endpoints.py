"""Sign in, sign out, and the current user."""

from fastapi import APIRouter, HTTPException, Request, Response, status

from gateway.api.auth.schemas import Credentials, Me
from gateway.api.deps import GatewayStateDep, SignedIn
from gateway.core.policy.access import actions_of
from gateway.db.models import User
from gateway.identity import sign_in as service
from gateway.requester import COOKIE, authenticate, client_address

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/sign-in",
    responses={401: {"description": "wrong"}, 429: {"description": "guessing"}, 503: {"description": "busy"}},
)
async def sign_in(body: Credentials, request: Request, response: Response, state: GatewayStateDep) -> Me:
    """Sign in; the response sets the cookie."""
    settings = state.settings
    try:
        user, token = await service.sign_in(
            state.database,
            state.password_checks,
            username=body.username,
            password=body.password,
            address=client_address(request),
            hours=settings.sign_in_hours,
        )
    except service.WrongPasswordError as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, str(error)) from error
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(settings.sign_in_hours * 3600),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return _me(user)


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT)
def sign_out(request: Request, response: Response, user: SignedIn, state: GatewayStateDep) -> None:
    """End the sign-in behind the cookie."""
    service.sign_out(state.database, user, request.cookies[COOKIE], client_address(request))
    response.delete_cookie(COOKIE, path="/")


@router.get("/me")
def me(request: Request) -> Me | None:
    """Return the signed-in user, or null: not an error, because pages ask before anyone has signed in."""
    user = authenticate(request)
    return None if user is None else _me(user)


def _me(user: User) -> Me:
    return Me(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        role=user.role,
        actions=sorted(actions_of(user.role)),
    )
