"""Recordings: list, video, frames, transcript, original, retry, re-run OCR, verify, restore."""

from contextlib import ExitStack
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.ranges import RequestedRangeDep, ranged_response
from gateway.api.recordings import schemas, service
from gateway.api.schemas import Cursor, Limit, Listing, Moment, PageOf, TaskOut
from gateway.audit import AuditTag, record
from gateway.audit.viewing import note_view
from gateway.core.errors import NotFoundError
from gateway.core.policy.access import Action
from gateway.core.recording import layout
from gateway.core.recording.kinds import kind_of
from gateway.core.recording.states import RecordingState
from gateway.core.work import StageName, TaskKind
from gateway.db.models import User
from gateway.db.repositories import catalogue, tasks as task_rows, verifications
from gateway.work import stages as pipeline, tasks
from gateway.work.restoring import request_restore
from gateway.work.retrying import retry_failed

router = APIRouter(prefix="/recordings", tags=["recordings"])
Lists = Annotated[User, Depends(allow(Action.RECORDING_LIST))]
Views = Annotated[User, Depends(allow(Action.RECORDING_VIEW))]
Name = Annotated[str | None, Query(max_length=100)]


@router.get("")
def list_recordings(
    _user: Lists,
    state: GatewayStateDep,
    operator: Name = None,
    target: Name = None,
    before: Moment | None = None,
    after: Moment | None = None,
    recording_state: Annotated[RecordingState | None, Query(alias="state")] = None,
    connected: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[schemas.RecordingSummary]:
    """List recordings, newest first. `connected`: only those that showed something (true) or nothing (false)."""
    wanted = catalogue.RecordingFilter(operator, target, before, after, recording_state, connected)
    with state.database.read() as session:
        page = catalogue.recordings(session, wanted, limit=limit, cursor=cursor)
        return PageOf(items=service.summaries(session, list(page.items)), next_cursor=page.next_cursor)


@router.get("/{recording_id}")
def get_recording(recording_id: str, _user: Lists, state: GatewayStateDep) -> schemas.RecordingOut:
    """Return everything about one recording."""
    with state.database.read() as session:
        return service.whole(session, service.find(session, recording_id), state.settings.worker_processes)


@router.head("/{recording_id}/video", include_in_schema=False)
@router.get("/{recording_id}/video", response_class=StreamingResponse)
def get_video(
    recording_id: str, _user: Views, actor: ActorDep, state: GatewayStateDep, asked: RequestedRangeDep
) -> Response:
    """Return the MP4 or a range of it."""
    with state.database.read() as session:
        recording = service.readable(session, recording_id)
    note_view(state.database, AuditTag.RECORDING_VIEWED, actor, recording.id)
    return ranged_response(
        lambda start, length: state.files.open(recording, layout.VIDEO, start, length),
        size=state.files.size(recording, layout.VIDEO),
        media_type="video/mp4",
        etag=f"{recording.id}-video",
        asked=asked,
    )


@router.get("/{recording_id}/original", response_class=StreamingResponse)
def get_original(
    recording_id: str,
    _user: Annotated[User, Depends(allow(Action.RECORDING_DOWNLOAD))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> StreamingResponse:
    """Download the original as one file, in its kind's format; its SHA-256 is the recording's `digest`."""
    with state.database.write() as session:
        recording = service.readable(session, recording_id)
        if recording.state is RecordingState.OPEN or recording.size_bytes is None:
            raise NotFoundError("the recording is not sealed yet; download it once its session has ended")
        record(session, AuditTag.RECORDING_DOWNLOADED, actor, subject_id=recording.id, digest=recording.digest)
    kind = kind_of(recording.kind)
    headers = {
        "Content-Disposition": f'attachment; filename="{recording.id}.{kind.suffix}"',
        "Content-Length": str(recording.size_bytes),
    }
    return StreamingResponse(state.files.original(recording), 200, headers, kind.media_type)


@router.get("/{recording_id}/frame", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
def get_frame(
    recording_id: str,
    _user: Views,
    state: GatewayStateDep,
    offset_ms: Annotated[int, Query(ge=0, le=2**40)] = 0,
    width: Annotated[int | None, Query(ge=16, le=4096)] = None,
) -> Response:
    """Return the screen at a time, as JPEG."""
    with state.database.read() as session:
        recording = service.readable(session, recording_id)
        if not catalogue.with_renditions(session, [recording.id], layout.KEYFRAMES):
            raise NotFoundError("the recording has no pictures yet")
    with service.open_keyframes(state.files, recording) as keyframes:
        data = service.frame_jpeg(keyframes, offset_ms, width)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"})


@router.get("/{recording_id}/timeline")
def get_timeline(recording_id: str, _user: Lists, state: GatewayStateDep) -> schemas.TimelineOut:
    """Return idle stretches, gaps and activity over time."""
    with state.database.read() as session, ExitStack() as stack:
        recording = service.readable(session, recording_id)
        rendered = catalogue.with_renditions(session, [recording.id], layout.KEYFRAMES)
        keyframes = stack.enter_context(service.open_keyframes(state.files, recording)) if rendered else None
        return service.timeline(session, recording, keyframes)


@router.get("/{recording_id}/spans")
def list_spans(
    recording_id: str,
    _user: Views,
    actor: ActorDep,
    state: GatewayStateDep,
    from_ms: Annotated[int, Query(ge=0, le=2**40)] = 0,
    to_ms: Annotated[int | None, Query(ge=0, le=2**40)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> PageOf[schemas.SpanOut]:
    """Return the transcript: spans visible between two times, in order of appearance."""
    with state.database.read() as session:
        recording = service.readable(session, recording_id)
    note_view(state.database, AuditTag.RECORDING_VIEWED, actor, recording.id)
    with state.database.read() as session:
        rows = catalogue.spans(session, recording_id, from_ms=from_ms, to_ms=to_ms, limit=limit + 1, after_id=cursor)
    items = [schemas.SpanOut.model_validate(row.model_dump(include=set(schemas.SpanOut.model_fields))) for row in rows]
    return PageOf(items=items[:limit], next_cursor=str(items[limit - 1].id) if len(items) > limit else None)


@router.post("/{recording_id}/stages/{name}/retry")
def retry_stage(
    recording_id: str,
    name: StageName,
    _user: Annotated[User, Depends(allow(Action.STAGE_RETRY))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> schemas.StageOut:
    """Retry a failed stage."""
    with state.database.write() as session:
        recording = service.readable(session, recording_id)
        stage = pipeline.retry(session, recording, name, state.send_job)
        record(session, AuditTag.STAGE_RETRIED, actor, subject_id=recording.id, stage=name)
        return service.stage_out(stage)


@router.post("/retry")
def retry_failed_stages(
    new: schemas.RetryNew,
    _user: Annotated[User, Depends(allow(Action.STAGE_RETRY))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> schemas.RetryOut:
    """Retry all failed stages, for example after an upgrade."""
    count = retry_failed(state.database, actor, AuditTag.STAGE_RETRIED, state.send_job, new.stage)
    return schemas.RetryOut(recording_count=count)


@router.post("/{recording_id}/reread")
def reread(
    recording_id: str,
    new: schemas.RereadNew,
    _user: Annotated[User, Depends(allow(Action.STAGE_RETRY))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> Listing[schemas.StageOut]:
    """Re-run OCR, for example with a newer engine or language pack. Searches use the old text until it is done."""
    with state.database.write() as session:
        recording = service.readable(session, recording_id)
        stages = pipeline.reread(session, recording, state.send_job, engine=new.engine)
        record(session, AuditTag.RECORDING_REREAD, actor, subject_id=recording.id, engine=new.engine)
        return Listing(items=[service.stage_out(stage) for stage in stages])


@router.post("/{recording_id}/verify", status_code=HTTPStatus.ACCEPTED)
def verify_recording(
    recording_id: str,
    new: schemas.VerifyNew,
    user: Annotated[User, Depends(allow(Action.RECORDING_VERIFY))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> TaskOut:
    """Request a verification: is the recording what was recorded? Returns the unfinished task if there is one."""
    with state.database.write() as session:
        recording = service.find(session, recording_id)
        named = replace(actor, name=user.display_name)
        task = tasks.place(
            session, TaskKind.VERIFY, named, state.send_job, recording_id=recording.id, archive=new.archive
        )
        record(session, AuditTag.VERIFY_REQUESTED, actor, subject_id=recording.id, task_id=task.id, archive=new.archive)
        return TaskOut.model_validate(task)


@router.get("/{recording_id}/verifications")
def list_verifications(
    recording_id: str,
    _user: Annotated[User, Depends(allow(Action.RECORDING_VERIFY))],
    state: GatewayStateDep,
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
) -> schemas.VerificationsOut:
    """List the recording's verifications, newest first."""
    with state.database.read() as session:
        recording = service.find(session, recording_id)
        unfinished = task_rows.unfinished(session, TaskKind.VERIFY, recording.id)
        return schemas.VerificationsOut(
            unfinished=None if unfinished is None else TaskOut.model_validate(unfinished),
            items=[service.verification_out(row) for row in verifications.newest(session, recording.id, limit)],
        )


@router.post("/{recording_id}/restore")
def restore(
    recording_id: str,
    new: schemas.RestoreNew,
    _user: Annotated[User, Depends(allow(Action.RECORDING_RESTORE))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> schemas.RestoreOut:
    """Restore an archived recording to hot storage for a number of days; the recording shows the progress."""
    with state.database.write() as session:
        recording = service.find(session, recording_id)
        task = request_restore(session, recording, new.days, actor, state.send_job)
        return service.restore_out(task)
