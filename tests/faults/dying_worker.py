"""A worker process that kills itself (SIGKILL) at a given moment of a given stage, or runs to the end.

Run as `python -m tests.faults.dying_worker RECORDING_ID [STAGE MOMENT]`; settings come from the environment. The stages
are the real ones; only the moment of death is put between their steps.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlmodel import Session

from gateway.core.jobs import StageName
from gateway.db.repositories.recordings import RecordedFile
from gateway.settings import Settings
from gateway.storage import moves
from gateway.storage.s3 import upload
from gateway.storage.stores import Store
from workers import pipeline
from workers.tier import outgoing, stage as tier_stage
from workers.work import Publish, StageRunner, StageWork, WorkerContext


class Moment(StrEnum):
    """When to die."""

    TAKEN = "taken"  # the stage is leased, nothing is made
    MADE = "made"  # all is made, nothing is published
    PUBLISHED = "published"  # files have their names, rows are set, nothing is committed
    COPIED = "copied"  # tier only: the first file is in the archive, its row is not there
    PACKED = "packed"  # tier only: the first segment is compressed, nothing of it is uploaded
    PART = "part"  # tier only: one part of an upload is in the archive
    SECURED = "secured"  # tier only: the first object is locked, its row is not there


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(run: StageRunner, moment: Moment) -> StageRunner:
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


def copy_and_die(store: Store, path: Path, key: str, file: RecordedFile) -> moves.VerifiedCopy:
    moves.copy_verified(store, path, key, file)
    die()
    raise AssertionError("still alive")


def then_die(function: Callable[..., Any]) -> Callable[..., Any]:
    """The real thing, and then nothing more."""

    def call_and_die(*arguments: Any, **named: Any) -> Any:
        function(*arguments, **named)
        die()

    return call_and_die


def main() -> None:
    recording_id, *rest = sys.argv[1:]
    with ExitStack() as changed:
        if rest:
            changed.enter_context(changes(StageName(rest[0]), Moment(rest[1])))
        pipeline.advance(WorkerContext.build(Settings()), recording_id)


def changes(name: StageName, moment: Moment) -> AbstractContextManager[object]:
    if moment is Moment.COPIED:
        return patch.object(tier_stage, "copy_verified", copy_and_die)
    if moment is Moment.PACKED:
        return patch.object(outgoing, "pack", then_die(outgoing.pack))
    if moment is Moment.PART:
        return patch.object(upload, "_put_part", then_die(upload._put_part))
    if moment is Moment.SECURED:
        return patch.object(tier_stage, "secure", then_die(tier_stage.secure))
    return patch.object(pipeline, "GRAPH", {**pipeline.GRAPH, name: dying(pipeline.GRAPH[name], moment)})


if __name__ == "__main__":
    main()
