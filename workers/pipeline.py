"""The stage graph, and running it: one recording's stages one after the other, driven by their rows.

Callers: the Celery jobs (`workers.jobs`) and `reelgate import --wait`. A stage is taken by a lease in the database,
runs, and is done when its output was checked; its rows, its files' names and its own row change in one transaction.
So any process may be killed at any point: the lease runs out, the stage runs again and ends the same.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from gateway.core.errors import InvalidInputError, ReelgateError, UnavailableError
from gateway.core.jobs import STAGE_ORDER, StageName, WorkState
from gateway.db.columns import new_id, utc_now
from gateway.db.models import Stage
from gateway.db.repositories import recordings, stages
from gateway.pipeline import NEEDS
from gateway.telemetry import get_logger
from workers.index.stage import run as run_index
from workers.lease import LEASE, Lease, LeaseLostError
from workers.ocr.stage import run as run_ocr
from workers.render.stage import run as run_render
from workers.room import with_no_room_told
from workers.scratch import recordings_root, scratch_folder
from workers.seal.stage import run as run_seal
from workers.tier.expiry import expire_hot_copies
from workers.tier.stage import run as run_tier
from workers.work import Publish, StageRunner, StageWork, WorkerContext

# What follows what: `gateway.core.jobs.STAGE_ORDER`. What must have succeeded before: `gateway.pipeline.NEEDS`.
GRAPH: Final[Mapping[StageName, StageRunner]] = {
    StageName.SEAL: run_seal,  # the manifest is closed, digests taken, gaps noted
    StageName.RENDER: run_render,  # video.mp4 and keyframes.zip from one pass over the original
    StageName.OCR: run_ocr,  # spans.jsonl.gz from the keyframes
    StageName.INDEX: run_index,  # spans into the database and its full-text index: searchable
    StageName.TIER: run_tier,  # verified copies in the archive
}

# 5, 10, 20, 40 s between five attempts: over within two minutes, so that a person soon sees what is wrong.
MAX_ATTEMPTS: Final = 5
_FIRST_PAUSE: Final = timedelta(seconds=5)
# What is not there (an archive that is down) is asked for at growing intervals up to this, and never given up.
_LONGEST_PAUSE: Final = timedelta(minutes=5)

_log = get_logger()


def advance(context: WorkerContext, recording_id: str) -> None:
    """Run the recording's stages until none is due any more (done, failed, waiting, or in another worker's hands)."""
    while run_next(context, recording_id):
        pass


def run_next(context: WorkerContext, recording_id: str) -> bool:
    """Run the next due stage; whether there was one and it is done."""
    stage = _take(context, recording_id)
    if stage is None:
        return False
    run_id = new_id()
    log = _log.bind(recording_id=recording_id, stage=stage.name, attempt=stage.attempt_count, run_id=run_id)
    started = utc_now()
    log.info("stage.started")
    try:
        _run(context, stage, run_id)
    except LeaseLostError:
        log.warning("stage.lost")
        return False
    except Exception as caught:
        error = with_no_room_told(caught)
        log.warning("stage.failed", reason=reason(error), exc_info=not isinstance(error, ReelgateError))
        _note_failure(context, stage, error)
        return False
    if stage.name is StageName.TIER:
        expire_hot_copies(context)  # its own, where that is not to stay
    log.info("stage.finished", seconds=round((utc_now() - started).total_seconds(), 3))
    return True


def reason(error: Exception) -> str:
    """What a person reads at the stage."""
    return str(error) if isinstance(error, ReelgateError) else f"unexpected {type(error).__name__}: {error}"[:500]


def _take(context: WorkerContext, recording_id: str) -> Stage | None:
    """Lease the next stage, or None when nothing is due now."""
    now = utc_now()
    with context.database.write() as session:
        rows = stages.of_recording(session, recording_id, lock=True)
        stage = next((row for row in rows.values() if row.state not in {WorkState.DONE, WorkState.FAILED}), None)
        if stage is None or not stages.is_ready(stage, now):
            return None
        if stage.attempt_count >= MAX_ATTEMPTS:
            _give_up(rows, stage, f"the worker was lost {stage.attempt_count} times while at this", now)
            return None
        stage.state, stage.error = WorkState.RUNNING, None
        stage.attempt_count += 1
        stage.progress = 0.0
        stage.started_at = stage.started_at or now
        stage.not_before_at = None
        stage.lease_owner, stage.lease_until_at = context.owner, now + LEASE
        session.add(stage)
    return stage


def _run(context: WorkerContext, stage: Stage, run_id: str) -> None:
    with context.database.read() as session:
        recording = recordings.get(session, stage.recording_id)
    folder = context.files.folder(recording)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with scratch_folder(context, recordings_root(context)) as scratch:
        with Lease(context, partial(stages.renew, stage_id=stage.id)) as lease:
            publish = GRAPH[stage.name](StageWork(context, recording, scratch, lease.progress, run_id))
        _finish(context, stage, publish)


def _finish(context: WorkerContext, stage: Stage, publish: Publish) -> None:
    """INVARIANT: what a stage made becomes visible together with its row, and only if the stage is still ours."""
    with context.database.write() as session:
        row = stages.held(session, stage, context.owner)
        if row is None:
            raise LeaseLostError("another worker has taken this stage")
        publish(session)
        row.state, row.progress = WorkState.DONE, 1.0
        row.finished_at = utc_now()
        row.lease_owner = row.lease_until_at = None
        session.add(row)


def _note_failure(context: WorkerContext, stage: Stage, error: Exception) -> None:
    now = utc_now()
    with context.database.write() as session:
        row = stages.held(session, stage, context.owner)
        if row is None:
            return
        row.lease_owner = row.lease_until_at = None
        if isinstance(error, UnavailableError):
            # Not the recording's fault: wait as long again as it has taken so far, and do not count it.
            row.attempt_count = min(row.attempt_count, 1)
            waited = now - (row.started_at or now)
            pause = min(max(waited, _FIRST_PAUSE), _LONGEST_PAUSE)
        elif isinstance(error, InvalidInputError) or row.attempt_count >= MAX_ATTEMPTS:
            _give_up(stages.of_recording(session, row.recording_id, lock=True), row, reason(error), now)
            return
        else:
            pause = _FIRST_PAUSE * 2 ** (row.attempt_count - 1)
        row.state, row.error, row.not_before_at = WorkState.PENDING, reason(error), now + pause
        session.add(row)


def _give_up(rows: Mapping[StageName, Stage], stage: Stage, error: str, now: datetime) -> None:
    """The stage has failed, and with it all that need it; a person may have it tried again."""
    for name in STAGE_ORDER:
        row = rows[name]
        if name is stage.name:
            row.error = error
        elif stage.name in NEEDS[name]:
            row.error = f"not run, because {stage.name} failed"
        else:
            continue
        row.state, row.finished_at = WorkState.FAILED, now
        row.lease_owner = row.lease_until_at = row.not_before_at = None
