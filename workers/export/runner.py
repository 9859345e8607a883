"""Run an export task: make the ZIP in the scratch folder, encrypt it, and publish file and row together.

INVARIANT: outside the scratch folder, which is removed with the run, an export is encrypted as its recording is; and no
export of a recording that was purged in the meantime is kept.
"""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, NotFoundError
from gateway.core.export import ExportKind
from gateway.core.recording.kinds import kind_of
from gateway.core.recording.states import RecordingState
from gateway.db.columns import utc_now
from gateway.db.models import Export
from gateway.db.repositories import exports, recordings
from gateway.exports import files, requesting
from gateway.exports.export_request import ExportRequest
from gateway.storage.local import read_range, sha256_of
from workers.export import bundle
from workers.export.export_job import ExportJob, ExportMaker
from workers.running.task_work import TaskWork
from workers.running.work import Publish

WORKER: Final = Actor("worker")
# Share of the progress for making the file; the rest is for encrypting.
_MADE: Final = 0.9


def run(work: TaskWork) -> Publish:
    """Make the file; publishing moves it into place, sets its row and writes the audit event."""
    job = _job(work)
    made = maker_of(job)(job)
    digest, size = sha256_of(read_range(made.path))
    work.progress(_MADE)
    name = job.file_name()
    stored = work.scratch / "stored"
    files.write(read_range(made.path), stored, job.key, job.export_id, name)
    made.path.unlink()

    def publish(session: Session) -> None:
        recording = recordings.get(session, job.recording.id, lock=True)
        export = exports.get(session, job.export_id, lock=True)
        if recording.state is RecordingState.PURGED or export.removed_at is not None:
            raise ConflictError("the recording was purged in the meantime")
        files.put(work.context.settings, stored, export.id, name)
        export.name, export.size_bytes, export.sha256, export.facts = name, size, digest, made.facts
        export.expires_at = utc_now() + timedelta(days=work.task.parameters["keep_days"])
        session.add(export)
        about = {"export_id": export.id, "kind": export.kind.value, "name": name, "size_bytes": size, "sha256": digest}
        record(session, AuditTag.EXPORT_FINISHED, WORKER, subject_id=recording.id, **about)

    return publish


def maker_of(job: ExportJob) -> ExportMaker:
    """Return who makes this export of a recording of this kind."""
    if job.request.kind is ExportKind.BUNDLE:
        return bundle.make
    own: Mapping[ExportKind, ExportMaker] = import_module(kind_of(job.recording.kind).workers).EXPORTS
    return own[job.request.kind]


def _job(work: TaskWork) -> ExportJob:
    if work.recording is None:
        raise NotFoundError("the task has no recording")
    request = ExportRequest.of_parameters(work.task.parameters)
    with work.context.database.read() as session:
        export = _export(session, work)
        requesting.check_ready(session, work.recording, request)
    folder = _scratch(work.scratch)
    requester = Actor(work.task.requested_by_name, work.task.requested_by)

    def progress(share: float) -> None:
        work.progress(_MADE * share)

    return ExportJob(work.context, work.recording, request, folder, progress, export.id, requester, utc_now())


def _export(session: Session, work: TaskWork) -> Export:
    export = exports.of_task(session, work.task.id)
    if export is None or export.removed_at is not None:
        raise NotFoundError("the export this task was for no longer exists")
    return export


def _scratch(folder: Path) -> Path:
    """Create a folder for the maker."""
    inner = folder / "making"
    inner.mkdir()
    return inner
