"""Start and retry the stages of a recording: change the rows, and send a job after commit."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from sqlmodel import Session

from gateway.core.errors import ConflictError, NotFoundError
from gateway.core.recording.states import RecordingSource
from gateway.core.work import RECORDING_ADVANCE, STAGE_ORDER, Priority, StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.database import after_commit
from gateway.db.models import Recording, Stage
from gateway.db.repositories import recordings, stages

SendJob = Callable[..., None]
"""`send_job(name, *ids)` must neither raise nor wait long (`gateway.work.jobs.JobSender.send`)."""

# Stages that must be done before another can run, if the recording has them. Evidence is archived even if rendering or
# OCR failed.
NEEDS: Final[Mapping[StageName, frozenset[StageName]]] = {
    StageName.SEAL: frozenset(),
    StageName.RENDER: frozenset({StageName.SEAL}),
    StageName.OCR: frozenset({StageName.SEAL, StageName.RENDER}),
    StageName.TEXT: frozenset({StageName.SEAL}),
    StageName.INDEX: frozenset({StageName.SEAL, StageName.RENDER, StageName.OCR, StageName.TEXT}),
    StageName.TIER: frozenset({StageName.SEAL}),
}
# What reads text. The first that a recording has, and all after it, run again when it is read again.
_READING: Final = (StageName.OCR, StageName.TEXT)


def begin(session: Session, recording: Recording, send_job: SendJob) -> None:
    """Queue the recording's stages in the caller's write transaction; the job is sent after its commit."""
    imported = recording.source is RecordingSource.IMPORTED
    stages.ensure(session, recording, Priority.BULK if imported else Priority.LIVE)
    after_commit(session, partial(send_job, RECORDING_ADVANCE, recording.id))


def retry(session: Session, recording: Recording, name: StageName, send_job: SendJob) -> Stage:
    """Queue a failed stage (or one waiting for its retry), and all stages after it.

    Raises NotFoundError, GoneError, or ConflictError if it is not the stage that failed.
    """
    rows = stages.of_recording(session, recording.id, lock=True)
    recordings.refuse_purged(recordings.get(session, recording.id, lock=True))
    stage = rows.get(name)
    if stage is None:
        raise NotFoundError(f"recording {recording.id} has no stage {name}")
    if stage.state not in {WorkState.FAILED, WorkState.PENDING}:
        raise ConflictError(f"{name} is {stage.state}: only a failed stage can be retried")
    unmet = _unmet(rows, name)
    if unmet is not None:
        raise ConflictError(f"{name} needs {unmet.name}, which is {unmet.state}")
    _run_again(session, recording, rows, name, send_job)
    return stage


def reread(session: Session, recording: Recording, send_job: SendJob, *, engine: str | None = None) -> list[Stage]:
    """Queue reading the text again, indexing and archiving it; return the stages.

    `engine` reads pictures (None: the configured one). Video and keyframes stay. The old text is searched until the index
    stage replaces it, and stays if reading fails. Raises GoneError, and ConflictError while a stage is running or when
    there is nothing to read yet.
    """
    rows = stages.of_recording(session, recording.id, lock=True)
    row = recordings.get(session, recording.id, lock=True)
    recordings.refuse_purged(row)
    busy = next((row for row in rows.values() if row.state is WorkState.RUNNING), None)
    if busy is not None:
        raise ConflictError(f"{busy.name} is running; re-run OCR when it is done")
    first = next((name for name in _READING if name in rows), None)
    if first is None:
        raise ConflictError("there is nothing to read yet: it is not sealed")
    unmet = _unmet(rows, first)
    if unmet is not None:
        raise ConflictError(f"there is nothing to read yet: {unmet.name} is not done")
    row.ocr_engine = engine if StageName.OCR in rows else None
    session.add(row)
    for stage in rows.values():
        stage.priority = Priority.BULK
    _run_again(session, recording, rows, first, send_job)
    return list(rows.values())


def _run_again(
    session: Session, recording: Recording, rows: Mapping[StageName, Stage], first: StageName, send_job: SendJob
) -> None:
    """Reset the stage and all later ones of the recording."""
    for name in STAGE_ORDER[STAGE_ORDER.index(first) :]:
        if name in rows:
            _reset(rows[name])
    session.flush()
    after_commit(session, partial(send_job, RECORDING_ADVANCE, recording.id))


def _unmet(rows: Mapping[StageName, Stage], name: StageName) -> Stage | None:
    """Return the first stage that `name` needs and that is not done."""
    return next((row for need, row in rows.items() if need in NEEDS[name] and row.state is not WorkState.DONE), None)


def _reset(stage: Stage) -> None:
    stage.state, stage.requested_at = WorkState.PENDING, utc_now()
    stage.progress, stage.attempt_count = 0.0, 0
    stage.error = stage.not_before_at = stage.started_at = stage.finished_at = None
    stage.lease_owner = stage.lease_until_at = None
