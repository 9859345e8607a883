"""Accounts: list, create, change; lockouts."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Listing
from gateway.api.users.schemas import LockoutOut, UserChange, UserNew, UserOut
from gateway.core.policy.access import Action
from gateway.db.models import User
from gateway.db.repositories import users
from gateway.identity import sign_in_limits as limits, users as service

router = APIRouter(prefix="/users", tags=["users"])
ManagesUsers = Annotated[User, Depends(allow(Action.USER_MANAGE))]


@router.get("")
def list_users(_user: ManagesUsers, state: GatewayStateDep) -> Listing[UserOut]:
    """List all accounts, including disabled ones."""
    with state.database.read() as session:
        return Listing(items=[UserOut.model_validate(user) for user in users.all_users(session)])


@router.get("/lockouts")
def list_lockouts(_user: ManagesUsers, state: GatewayStateDep) -> Listing[LockoutOut]:
    """List lockouts: sign-ins refused after too many failed attempts, and until when."""
    with state.database.read() as session:
        return Listing(items=[LockoutOut.model_validate(lockout) for lockout in service.lockouts(session)])


@router.delete("/lockouts/{lockout_id}", status_code=status.HTTP_204_NO_CONTENT)
def lift_lockout(lockout_id: str, _user: ManagesUsers, actor: ActorDep, state: GatewayStateDep) -> None:
    """Lift a lockout: sign-ins may be attempted again at once."""
    with state.database.write() as session:
        limits.lift(session, lockout_id, actor)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_user(body: UserNew, _user: ManagesUsers, actor: ActorDep, state: GatewayStateDep) -> UserOut:
    """Create an account."""
    new = service.NewUser(body.username, body.display_name, body.role, state.password_checks.hash(body.password))
    with state.database.write() as session:
        return UserOut.model_validate(service.create(session, new, actor))


@router.patch("/{user_id}")
def change_user(
    user_id: str, body: UserChange, _user: ManagesUsers, actor: ActorDep, state: GatewayStateDep
) -> UserOut:
    """Change an account."""
    password_hash = None if body.password is None else state.password_checks.hash(body.password)
    changes = service.UserChanges(body.display_name, body.role, password_hash, body.disabled)
    with state.database.write() as session:
        return UserOut.model_validate(service.change(session, user_id, changes, actor))
