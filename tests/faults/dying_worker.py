"""A worker process that kills itself at a given moment of a given stage, or runs to the end. Callers: the tests of kills."""

import shutil
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from unittest.mock import patch

from sqlmodel import Session

from gateway.core.recording.kinds import Kind
from gateway.core.work import StageName
from gateway.settings import Settings
from gateway.storage.s3 import upload
from tests.faults.dying import Place, die
from workers import stages as pipeline
from workers.running.work import Publish, StageRunner, StageWork, WorkerContext
from workers.stages import runner_of
from workers.tier import expiry, outgoing, stage as tier_stage


class Moment(StrEnum):
    """When to die."""

    TAKEN = "taken"  # the stage is leased, nothing is made
    MADE = "made"  # all is made, nothing is published
    PUBLISHED = "published"  # files have their names, rows are set, nothing is committed


class OfTier(StrEnum):
    """Of archiving, and of removing the hot copy."""

    PACKED = "packed"  # the first segment is compressed, nothing of it is uploaded
    PART = "part"  # one part of an upload is in the archive
    COPIED = "copied"  # the first file is in the archive, its row is not there
    SECURED = "secured"  # the first object is locked, its row is not there
    ROWED = "rowed"  # its row is committed
    ASIDE = "aside"  # the hot folder is renamed, nothing is committed
    EXPIRED = "expired"  # that is committed, the bytes are still there


PLACES = {
    OfTier.PACKED: Place(outgoing, "pack"),
    OfTier.PART: Place(upload, "_put_part"),
    OfTier.COPIED: Place(tier_stage, "copy_verified"),
    OfTier.SECURED: Place(tier_stage, "secure"),
    OfTier.ROWED: Place(tier_stage, "archive_file"),
    OfTier.ASIDE: Place(expiry, "_move_to_trash"),
    OfTier.EXPIRED: Place(shutil, "rmtree", after=False, nth=2),
}


def advance(settings: Settings, recording_id: str, stage: StageName | None = None, moment: str = "") -> None:
    """Run the recording's stages, up to that moment of that stage."""
    with nullcontext() if stage is None else _changes(stage, moment):
        pipeline.advance(WorkerContext.build(settings), recording_id)


def expire(settings: Settings, moment: OfTier) -> None:
    """Remove hot copies, up to that moment."""
    with PLACES[moment].deadly():
        expiry.expire_hot_copies(WorkerContext.build(settings))


def _changes(stage: StageName, moment: str) -> AbstractContextManager[object]:
    if moment in list(OfTier):
        return PLACES[OfTier(moment)].deadly()

    def some_die(kind: Kind, name: StageName) -> StageRunner:
        run = runner_of(kind, name)
        return _dying(run, Moment(moment)) if name is stage else run

    return patch.object(pipeline, "runner_of", some_die)


def _dying(run: StageRunner, moment: Moment) -> StageRunner:
    def run_and_die(work: StageWork) -> Publish:
        if moment is Moment.TAKEN:
            die()
        publish = run(work)
        if moment is Moment.MADE:
            die()

        def publish_and_die(session: Session) -> None:
            publish(session)
            session.flush()
            die()

        return publish_and_die

    return run_and_die
