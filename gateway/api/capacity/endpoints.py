"""Current storage use and capacity forecasts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.api.capacity.schemas import CapacityOut
from gateway.api.deps import GatewayStateDep, allow
from gateway.capacity.report import report
from gateway.core.policy.access import Action
from gateway.db.models import User

router = APIRouter(prefix="/capacity", tags=["capacity"])
# A hundred years; a longer plan is a typo.
_MAX_DAYS = 36_525
Days = Annotated[float | None, Query(ge=0, le=_MAX_DAYS)]


@router.get("")
def get_capacity(
    _user: Annotated[User, Depends(allow(Action.STORAGE_READ))],
    state: GatewayStateDep,
    sessions: Annotated[float, Query(ge=0, le=100_000)] = 10,
    hours_per_day: Annotated[float, Query(ge=0, le=24)] = 8,
    hot_days: Days = None,
    retention_days: Days = None,
    protocol: Annotated[str | None, Query(max_length=32)] = None,
) -> CapacityOut:
    """Return storage use and growth, and a forecast for the given number of concurrent sessions."""
    with state.database.read() as session:
        found = report(
            session,
            state.settings,
            sessions=sessions,
            hours_per_day=hours_per_day,
            hot_days=hot_days,
            retention_days=retention_days,
            protocol=protocol,
        )
    return CapacityOut.model_validate(found)
