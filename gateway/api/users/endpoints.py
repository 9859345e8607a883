"""Accounts: list, add, change."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Listing
from gateway.api.users import service
from gateway.api.users.schemas import UserChange, UserNew, UserOut
from gateway.core.policy.access import Action
from gateway.db.models import User
from gateway.db.repositories import users

router = APIRouter(prefix="/users", tags=["users"])
ManagesUsers = Annotated[User, Depends(allow(Action.USER_MANAGE))]


@router.get("")
def list_users(_user: ManagesUsers, state: GatewayStateDep) -> Listing[UserOut]:
    """Every account, disabled ones too."""
    with state.database.read() as session:
        return Listing(items=[UserOut.model_validate(user) for user in users.all_users(session)])


@router.post("", status_code=status.HTTP_201_CREATED)
def create_user(body: UserNew, _user: ManagesUsers, actor: ActorDep, state: GatewayStateDep) -> UserOut:
    """Add an account."""
    with state.database.write() as session:
        return UserOut.model_validate(service.create(session, body, actor))


@router.patch("/{user_id}")
def change_user(
    user_id: str, body: UserChange, _user: ManagesUsers, actor: ActorDep, state: GatewayStateDep
) -> UserOut:
    """Change an account."""
    with state.database.write() as session:
        return UserOut.model_validate(service.change(session, user_id, body, actor))
