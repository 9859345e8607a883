"""Run a recording's stages one after the other, driven by their rows.

A stage is done when its output was checked; its rows, its files' names and its own row change in one transaction
(`workers.running.engine`).
"""

from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Any, Final

from sqlmodel import Session

from gateway.core.errors import InvalidInputError
from gateway.core.recording.kinds import Kind, kind_of
from gateway.core.work import STAGE_ORDER, UNFINISHED, StageName
from gateway.db.models import Stage
from gateway.db.repositories import recordings, stages
from gateway.work.stages import NEEDS
from workers.index.stage import run as run_index
from workers.running.engine import Attempt, Outcome, WorkKind, attempt, fail
from workers.running.scratch import recordings_root
from workers.running.work import Publish, StageRunner, StageWork, WorkerContext
from workers.seal.stage import run as run_seal
from workers.tier.expiry import expire_hot_copies
from workers.tier.stage import run as run_tier

# What follows what: `gateway.core.work.STAGE_ORDER`. What must have succeeded before: `gateway.work.stages.NEEDS`.
_OF_EVERY_KIND: Final[Mapping[StageName, StageRunner]] = {
    StageName.SEAL: run_seal,  # the manifest is closed, digests taken, gaps noted
    StageName.INDEX: run_index,  # spans into the database and its full-text index: searchable
    StageName.TIER: run_tier,  # verified copies in the archive
}


def runner_of(kind: Kind, name: StageName) -> StageRunner:
    """Return who runs this stage of a kind's recordings."""
    if name in _OF_EVERY_KIND:
        return _OF_EVERY_KIND[name]
    own: Mapping[StageName, StageRunner] = import_module(kind.workers).STAGES
    return own[name]


def advance(context: WorkerContext, recording_id: str) -> None:
    """Run the recording's stages until none is due any more (done, failed, waiting, or in another worker's hands)."""
    while run_next(context, recording_id):
        pass


def run_next(context: WorkerContext, recording_id: str) -> bool:
    """Run the next due stage; whether there was one and it is done."""
    return attempt_next(context, recording_id) is Outcome.DONE


def attempt_next(context: WorkerContext, recording_id: str, names: Collection[StageName] = STAGE_ORDER) -> Outcome:
    """Run the next due stage once, or none if the next one is not among `names`."""
    taken: list[StageName] = []

    def find(session: Session) -> Stage | None:
        rows = stages.of_recording(session, recording_id, lock=True)
        stage = next((row for row in rows.values() if row.state in UNFINISHED), None)
        if stage is None or stage.name not in names:
            return None
        taken.append(stage.name)
        return stage

    outcome = attempt(context, _KIND, find)
    if outcome is Outcome.DONE and taken == [StageName.TIER]:
        expire_hot_copies(context)  # its own, where that is not to stay
    return outcome


def _run(this: Attempt[Stage]) -> Publish:
    context, stage = this.context, this.row
    with context.database.read() as session:
        recording = recordings.get(session, stage.recording_id)
    context.files.folder(recording).mkdir(parents=True, exist_ok=True, mode=0o700)
    run = runner_of(kind_of(recording.kind), stage.name)
    return run(StageWork(context, recording, this.scratch, this.progress, this.run_id))


def _reload(session: Session, stage: Stage) -> Stage | None:
    return stages.of_recording(session, stage.recording_id, lock=True).get(stage.name)


def _give_up(session: Session, stage: Stage, error: str) -> None:
    """The stage has failed, and with it all that need it; a person may have it tried again."""
    for name, row in stages.of_recording(session, stage.recording_id, lock=True).items():
        if name is stage.name:
            fail(row, error)
        elif stage.name in NEEDS[name]:
            fail(row, f"not run, because {stage.name} failed")


def _log_fields(stage: Stage) -> dict[str, Any]:
    return {"recording_id": stage.recording_id, "stage": stage.name}


_KIND: Final = WorkKind(
    noun="stage",
    model=Stage,
    hopeless=(InvalidInputError,),
    log_fields=_log_fields,
    scratch_root=recordings_root,
    reload=_reload,
    run=_run,
    give_up=_give_up,
)
