"""A recording's chain of custody, from the audit trail. Viewing it is audited too."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from gateway.api.audit import service
from gateway.api.custody import downloads
from gateway.api.custody.schemas import CustodyEventOut
from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Cursor, Limit, Moment, PageOf
from gateway.audit import AuditTag, record
from gateway.audit.custody import TAGS, CustodyKind, kind_of
from gateway.audit.viewing import note_view
from gateway.context import GatewayState
from gateway.core.policy.access import Action
from gateway.db.models import AuditEvent, User
from gateway.db.repositories import audit, recordings
from gateway.db.repositories.audit import EventFilter

router = APIRouter(prefix="/recordings/{recording_id}/custody", tags=["custody"])
Reads = Annotated[User, Depends(allow(Action.CUSTODY_READ))]
Kinds = Annotated[list[CustodyKind] | None, Query(max_length=len(CustodyKind))]
Name = Annotated[str | None, Query(max_length=100)]


class FileKind(StrEnum):
    """File format of a downloaded chain of custody."""

    CSV = "csv"
    JSON = "json"


@router.get("")
def get_custody(
    recording_id: str,
    _user: Reads,
    actor: ActorDep,
    state: GatewayStateDep,
    kind: Kinds = None,
    actor_name: Name = None,
    after: Moment | None = None,
    before: Moment | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[CustodyEventOut]:
    """List events that concern the recording, newest first: its own, its session's, and those that mention it."""
    wanted = _filter(kind, actor_name, after, before)
    with state.database.read() as session:
        recording = recordings.get(session, recording_id)
    note_view(state.database, AuditTag.CUSTODY_VIEWED, actor, recording.id)
    with state.database.read() as session:
        page = audit.custody(session, recording, wanted, limit=limit, cursor=cursor)
        items = [
            CustodyEventOut(**row.model_dump(), kind=kind_of(row.tag)) for row in service.shown(session, page.items)
        ]
    return PageOf(items=items, next_cursor=page.next_cursor)


@router.get("/file", response_class=StreamingResponse)
def download_custody(
    recording_id: str,
    _user: Reads,
    actor: ActorDep,
    state: GatewayStateDep,
    file_kind: Annotated[FileKind, Query(alias="as")] = FileKind.CSV,
    kind: Kinds = None,
    actor_name: Name = None,
    after: Moment | None = None,
    before: Moment | None = None,
) -> StreamingResponse:
    """Download the whole chain of custody, oldest first; each event has its number and hash in the trail."""
    wanted = _filter(kind, actor_name, after, before)
    with state.database.write() as session:
        recording = recordings.get(session, recording_id)
        record(session, AuditTag.CUSTODY_VIEWED, actor, subject_id=recording.id, file=file_kind)
    write, media_type = {
        FileKind.CSV: (downloads.as_csv, "text/csv; charset=utf-8"),
        FileKind.JSON: (downloads.as_json, "application/json"),
    }[file_kind]
    headers = {"Content-Disposition": f'attachment; filename="custody-{recording.id}.{file_kind}"'}
    return StreamingResponse(write(_events(state, recording_id, wanted)), 200, headers, media_type)


def _events(state: GatewayState, recording_id: str, wanted: EventFilter) -> Iterator[AuditEvent]:
    with state.database.read() as session:
        yield from audit.whole_custody(session, recordings.get(session, recording_id), wanted)


def _filter(
    kinds: list[CustodyKind] | None, actor: str | None, after: datetime | None, before: datetime | None
) -> EventFilter:
    tags = sorted({tag.value for kind in kinds or () for tag in TAGS[kind]})
    return EventFilter(tags, actor, after=after, before=before)
