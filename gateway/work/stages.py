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

# Stages that must be done before another can run. Evidence is archived even if rendering or OCR failed.
NEEDS: Final[Mapping[StageName, frozenset[StageName]]] = {
    StageName.SEAL: frozenset(),
    StageName.RENDER: frozenset({StageName.SEAL}),
    StageName.OCR: frozenset({StageName.SEAL, StageName.RENDER}),
    StageName.INDEX: frozenset({StageName.SEAL, StageName.RENDER, StageName.OCR}),
    StageName.TIER: frozenset({StageName.SEAL}),
}


def begin(session: Session, recording: Recording, send_job: SendJob) -> None:
    """Queue the recording's stages in the caller's write transaction; the job is sent after its commit."""
    imported = recording.source is RecordingSource.IMPORTED
    stages.ensure(session, recording.id, Priority.BULK if imported else Priority.LIVE)
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
    unmet = [need for need in STAGE_ORDER if need in NEEDS[name] and not _is_done(rows[need])]
    if unmet:
        raise ConflictError(f"{name} needs {unmet[0]}, which is {rows[unmet[0]].state}")
    _run_again(session, recording, rows, name, send_job)
    return stage


def reread(session: Session, recording: Recording, send_job: SendJob, *, engine: str | None = None) -> list[Stage]:
    """Queue OCR with `engine` (None: the configured one), indexing and archiving again; return the stages.

    Video and keyframes stay. The old text stays searchable until the index stage replaces it, and permanently if OCR fails.
    Raises GoneError, or ConflictError while a stage is running or if there are no keyframes yet.
    """
    rows = stages.of_recording(session, recording.id, lock=True)
    row = recordings.get(session, recording.id, lock=True)
    recordings.refuse_purged(row)
    busy = next((row for row in rows.values() if row.state is WorkState.RUNNING), None)
    if busy is not None:
        raise ConflictError(f"{busy.name} is running; re-run OCR when it is done")
    needed = [need for need in STAGE_ORDER if need in NEEDS[StageName.OCR]]
    unmet = next((need for need in needed if need not in rows or not _is_done(rows[need])), None)
    if unmet is not None:
        raise ConflictError(f"there is nothing to read yet: {unmet} is not done; wait for it")
    row.ocr_engine = engine
    session.add(row)
    for stage in rows.values():
        stage.priority = Priority.BULK
    _run_again(session, recording, rows, StageName.OCR, send_job)
    return list(rows.values())


def _run_again(
    session: Session, recording: Recording, rows: Mapping[StageName, Stage], first: StageName, send_job: SendJob
) -> None:
    """Queue the stage and all later ones."""
    for later in STAGE_ORDER[STAGE_ORDER.index(first) :]:
        _reset(rows[later])
    session.flush()
    after_commit(session, partial(send_job, RECORDING_ADVANCE, recording.id))


def _is_done(stage: Stage) -> bool:
    return stage.state is WorkState.DONE


def _reset(stage: Stage) -> None:
    stage.state, stage.requested_at = WorkState.PENDING, utc_now()
    stage.progress, stage.attempt_count = 0.0, 0
    stage.error = stage.not_before_at = stage.started_at = stage.finished_at = None
    stage.lease_owner = stage.lease_until_at = None
