"""Request an export, in the caller's write transaction."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError
from gateway.core.export import ExportKind
from gateway.core.recording import layout
from gateway.core.recording.kinds import kind_of
from gateway.core.recording.states import RecordingState
from gateway.core.work import TaskKind
from gateway.db.columns import utc_now
from gateway.db.models import Export, Recording
from gateway.db.repositories import exports, recordings
from gateway.exports.export_request import ExportRequest
from gateway.work import tasks
from gateway.work.stages import SendJob

# What each kind is made from, besides the original.
_NEEDS: Final[dict[ExportKind, tuple[str, ...]]] = {
    ExportKind.BUNDLE: (),
    ExportKind.CLIP: (layout.VIDEO,),
    ExportKind.REDACTED: (layout.KEYFRAMES, layout.SPANS),
}
_STEPS: Final = {layout.VIDEO: "rendered", layout.KEYFRAMES: "rendered", layout.SPANS: "read"}


def request(
    session: Session, recording: Recording, wanted: ExportRequest, actor: Actor, send_job: SendJob, *, keep_days: float
) -> Export:
    """Place the task; its file is kept for the given days once made. A repeated request gets the task in progress.

    Raises ConflictError while the recording lacks what the export is made from, InvalidInputError for bounds after its
    end.
    """
    check_ready(session, recording, wanted)
    placed = tasks.place(
        session,
        TaskKind.EXPORT,
        actor,
        send_job,
        recording_id=recording.id,
        **wanted.as_parameters(),
        keep_days=keep_days,
    )
    made = exports.of_task(session, placed.id)
    if made is not None:
        return made
    export = Export(
        task_id=placed.id,
        recording_id=recording.id,
        kind=wanted.kind,
        created_by=actor.user_id or "",
        expires_at=utc_now() + timedelta(days=keep_days),
    )
    session.add(export)
    session.flush()
    record(session, AuditTag.EXPORT_REQUESTED, actor, subject_id=recording.id, export_id=export.id, **described(wanted))
    return export


def check_ready(session: Session, recording: Recording, wanted: ExportRequest) -> None:
    """Raise ConflictError or InvalidInputError if it cannot be made from this recording now."""
    if recording.state is RecordingState.PURGED:
        raise ConflictError("the recording is purged: there is nothing left to export")
    if recording.state is RecordingState.OPEN or recording.digest is None:
        raise ConflictError("the recording is not sealed yet; export it once its session has ended")
    wanted.check_within(recording.duration_ms)
    kind = kind_of(recording.kind)
    if wanted.kind not in kind.exports:
        raise ConflictError(f"a {wanted.kind} cannot be made from {kind.name}; export a bundle")
    made = {row.name for row in recordings.renditions(session, recording.id)}
    for name in _NEEDS[wanted.kind]:
        if name not in made:
            raise ConflictError(f"the recording has not been {_STEPS[name]} yet; see its processing steps")


def described(wanted: ExportRequest) -> dict[str, object]:
    """Return what the audit trail records: not the redacted terms, because the trail is shown and handed out."""
    details: dict[str, object] = {"kind": wanted.kind.value}
    if wanted.kind is not ExportKind.BUNDLE:
        details |= {"start_ms": wanted.start_ms, "end_ms": wanted.end_ms}
    if wanted.query:
        details["query"] = wanted.query
    if wanted.rules is not None:
        details |= {
            "term_count": len(wanted.rules.terms),
            "pattern_count": len(wanted.rules.patterns),
            "region_count": len(wanted.rules.regions),
        }
    return details
