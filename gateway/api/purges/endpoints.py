"""Purges: mark, list, cancel, certificates of erasure, purge status of a recording."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status
from starlette.responses import JSONResponse

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.purges import service
from gateway.api.purges.schemas import PurgeCancel, PurgeNew, PurgeOut, PurgeStatusOut
from gateway.api.schemas import Cursor, Limit, Listing, PageOf
from gateway.core.errors import NotFoundError
from gateway.core.policy.access import Action
from gateway.core.policy.retention import PurgeState
from gateway.db.models import User
from gateway.db.repositories import purges, recordings
from gateway.retention import purging

router = APIRouter(prefix="/purges", tags=["purges"])
standing_router = APIRouter(prefix="/recordings", tags=["purges"])
Reads = Annotated[User, Depends(allow(Action.RETENTION_READ))]
Purges = Annotated[User, Depends(allow(Action.RECORDING_PURGE))]


@router.get("")
def list_purges(
    _user: Reads,
    state: GatewayStateDep,
    purge_state: Annotated[PurgeState | None, Query(alias="state")] = None,
    recording_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[PurgeOut]:
    """List purges, newest first: marked, in progress, done and cancelled."""
    wanted = purges.PurgeFilter(purge_state, recording_id)
    with state.database.read() as session:
        page = purges.listed(session, wanted, limit=limit, cursor=cursor).map(lambda row: service.purge_out(*row))
        return PageOf(items=list(page.items), next_cursor=page.next_cursor)


@router.post("", status_code=status.HTTP_201_CREATED)
def mark_for_purge(body: PurgeNew, _user: Purges, actor: ActorDep, state: GatewayStateDep) -> Listing[PurgeOut]:
    """Mark recordings for purge: they are erased after the grace period unless the purge is cancelled or they are held."""
    grace_days = state.settings.purge_grace_days
    with state.database.write() as session:
        marked = [
            purging.mark(session, recording_id, body.reason, actor, grace_days)
            for recording_id in sorted(set(body.recording_ids))
        ]
        return Listing(items=[service.purge_out(row, recordings.get(session, row.recording_id)) for row in marked])


@router.post("/{purge_id}/cancel")
def cancel_purge(purge_id: str, body: PurgeCancel, _user: Purges, actor: ActorDep, state: GatewayStateDep) -> PurgeOut:
    """Cancel a marked purge. A retention policy that is past due marks the recording again; place a hold to keep it."""
    with state.database.write() as session:
        purge = purging.cancel(session, purges.get(session, purge_id), body.reason, actor)
        return service.purge_out(purge, recordings.get(session, purge.recording_id))


@router.get("/{purge_id}/certificate", response_class=JSONResponse)
def get_certificate(purge_id: str, _user: Reads, state: GatewayStateDep) -> JSONResponse:
    """Download the signed certificate of erasure; check it with `reelgate verify-certificate`."""
    with state.database.read() as session:
        purge = purges.get(session, purge_id)
        tombstone = purges.tombstone(session, purge.recording_id)
    if purge.state is not PurgeState.PURGED or tombstone is None:
        raise NotFoundError(f"there is no certificate: the purge is {purge.state}")
    name = f"erasure-{purge.recording_id}.json"
    return JSONResponse(tombstone.certificate, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@standing_router.get("/{recording_id}/retention")
def get_purge_status(
    recording_id: str, _user: Annotated[User, Depends(allow(Action.RECORDING_LIST))], state: GatewayStateDep
) -> PurgeStatusOut:
    """Return what keeps a recording, when it will be purged, and the tombstone of a purged one."""
    with state.database.read() as session:
        return service.purge_status(session, recordings.get(session, recording_id))
