"""Exports: request, list, download, share by link."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from starlette.responses import Response, StreamingResponse

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.exports import schemas, service
from gateway.api.ranges import RequestedRangeDep
from gateway.api.recordings.service import find
from gateway.api.schemas import Cursor, Limit, PageOf
from gateway.audit import AuditTag, record
from gateway.core.errors import NotFoundError
from gateway.core.policy.access import Action
from gateway.core.work import WorkState
from gateway.db.columns import utc_now
from gateway.db.models import User
from gateway.db.repositories import exports
from gateway.exports import links, requesting

router = APIRouter(tags=["exports"])
Exports = Annotated[User, Depends(allow(Action.RECORDING_EXPORT))]


@router.post("/recordings/{recording_id}/exports", status_code=status.HTTP_201_CREATED)
def request_export(
    recording_id: str, new: schemas.ExportNew, _user: Exports, actor: ActorDep, state: GatewayStateDep
) -> schemas.ExportOut:
    """Request an export; a worker makes it."""
    request = new.to_request()
    days = new.keep_days or state.settings.export_days
    with state.database.write() as session:
        recording = find(session, recording_id)
        export = requesting.request(session, recording, request, actor, state.send_job, keep_days=days)
        return service.shown(exports.listed(session, [export])[0])


@router.get("/recordings/{recording_id}/exports")
def list_recording_exports(
    recording_id: str, _user: Exports, state: GatewayStateDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[schemas.ExportOut]:
    """List the exports of a recording, newest first."""
    with state.database.read() as session:
        find(session, recording_id)
        page = exports.page(session, recording_id=recording_id, limit=limit, cursor=cursor)
    return PageOf(items=[service.shown(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/exports")
def list_exports(
    _user: Exports, state: GatewayStateDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[schemas.ExportOut]:
    """List all exports, newest first."""
    with state.database.read() as session:
        page = exports.page(session, recording_id=None, limit=limit, cursor=cursor)
    return PageOf(items=[service.shown(row) for row in page.items], next_cursor=page.next_cursor)


@router.head("/exports/{export_id}/file", include_in_schema=False)
@router.get("/exports/{export_id}/file", response_class=StreamingResponse)
def get_file(
    export_id: str, _user: Exports, actor: ActorDep, state: GatewayStateDep, asked: RequestedRangeDep
) -> Response:
    """Download the file or a range of it."""
    with state.database.write() as session:
        [row] = exports.listed(session, [exports.get(session, export_id)])
        export = row.export
        if row.task.state is not WorkState.DONE:
            raise NotFoundError("the export is not finished yet")
        if export.removed_at is not None or export.expires_at <= utc_now():
            raise NotFoundError("the file of this export no longer exists; export it again")
        if not asked.is_head:  # nothing of it leaves
            about = {"export_id": export.id, "sha256": export.sha256}
            record(session, AuditTag.EXPORT_DOWNLOADED, actor, subject_id=export.recording_id, **about)
    return service.file_response(state, export, asked)


@router.post("/exports/{export_id}/links", status_code=status.HTTP_201_CREATED)
def create_link(
    export_id: str, new: schemas.LinkNew, _user: Exports, actor: ActorDep, state: GatewayStateDep
) -> schemas.LinkCreated:
    """Create a link for a person without an account. It is shown only this once."""
    with state.database.write() as session:
        export = exports.get(session, export_id, lock=True)
        recipient = " ".join(new.recipient.split())
        made = links.create(session, export, actor, recipient=recipient, hours=new.hours, use_limit=new.use_limit)
        # In the fragment, which is never sent to a server: the secret stays out of logs, referrers and proxies.
        shown = service.link_shown(made.link, export).model_dump()
        return schemas.LinkCreated(**shown, path=f"/download#{made.secret}")


@router.delete("/exports/{export_id}/links/{link_id}")
def revoke_link(
    export_id: str, link_id: str, _user: Exports, actor: ActorDep, state: GatewayStateDep
) -> schemas.LinkOut:
    """Revoke a link with immediate effect."""
    with state.database.write() as session:
        export = exports.get(session, export_id)
        link = exports.link(session, export_id, link_id)
        links.revoke(session, export, link, actor)
        return service.link_shown(link, export)
