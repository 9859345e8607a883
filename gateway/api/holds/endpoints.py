"""Holds: place, list, release."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.holds.schemas import HoldNew, HoldOut, HoldRelease
from gateway.api.schemas import Cursor, Limit, Listing, PageOf
from gateway.core.policy.access import Action
from gateway.db.models import Hold, Recording, User
from gateway.db.repositories import holds, recordings
from gateway.retention import holding

router = APIRouter(prefix="/holds", tags=["holds"])
Manages = Annotated[User, Depends(allow(Action.HOLD_MANAGE))]


@router.get("")
def list_holds(
    _user: Annotated[User, Depends(allow(Action.HOLD_LIST))],
    state: GatewayStateDep,
    *,
    active: bool | None = None,
    case_number: Annotated[str | None, Query(max_length=100)] = None,
    recording_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[HoldOut]:
    """List holds, newest first, including released ones."""
    wanted = holds.HoldFilter(active, case_number, recording_id)
    with state.database.read() as session:
        page = holds.listed(session, wanted, limit=limit, cursor=cursor).map(lambda row: hold_out(*row))
        return PageOf(items=list(page.items), next_cursor=page.next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED)
def place_hold(body: HoldNew, _user: Manages, actor: ActorDep, state: GatewayStateDep) -> Listing[HoldOut]:
    """Place recordings on hold: nothing purges them until the hold is released. Marked purges are cancelled."""
    with state.database.write() as session:
        placed = holding.place(session, body.recording_ids, body.reason, body.case_number, actor, state.send_job)
        return Listing(items=[hold_out(hold, recordings.get(session, hold.recording_id)) for hold in placed])


@router.post("/{hold_id}/release")
def release_hold(hold_id: str, body: HoldRelease, _user: Manages, actor: ActorDep, state: GatewayStateDep) -> HoldOut:
    """Release a hold. Other holds of the recording remain."""
    with state.database.write() as session:
        hold = holding.release(session, hold_id, body.reason, actor, state.send_job)
        return hold_out(hold, recordings.get(session, hold.recording_id))


def hold_out(hold: Hold, recording: Recording) -> HoldOut:
    """Return one hold."""
    return HoldOut(
        **hold.model_dump(exclude={"owner_id"}),
        recording_kind=recording.kind,
        target_name=recording.target_name,
        operator_name=recording.operator_name,
        started_at=recording.started_at,
    )
