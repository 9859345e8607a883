"""The parameters of each protocol, for the target forms."""

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.api.deps import allow
from gateway.api.protocols.schemas import ProtocolOut
from gateway.api.schemas import Listing
from gateway.core.policy.access import Action
from gateway.db.models import User
from gateway.targets.protocols import PROTOCOLS

router = APIRouter(prefix="/protocols", tags=["protocols"])


@router.get("")
def list_protocols(_user: Annotated[User, Depends(allow(Action.TARGET_MANAGE))]) -> Listing[ProtocolOut]:
    """List protocols with the parameters that may be set."""
    return Listing(items=[ProtocolOut.model_validate(form) for form in PROTOCOLS.values()])
