from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.api.deps import allow
from gateway.core.policy.access import Action
from gateway.db.models import User

router = APIRouter(prefix="/search", tags=["search"])


@router.get("")
def search(_user: Annotated[User, Depends(allow(Action.RECORDING_SEARCH))]) -> dict[str, str]:
    return {}
