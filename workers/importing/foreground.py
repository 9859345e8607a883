"""Run a recording's stages to the end in this process, with nobody else needed.

A worker that runs beside it may take a stage; then this process waits for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gateway.core.errors import ReelgateError
from gateway.core.work import StageName, WorkState
from gateway.db.models import Stage
from gateway.db.repositories import stages
from workers import stages as pipeline
from workers.running.work import WorkerContext

_LOOK_SECONDS: Final = 0.25


class StageFailedError(ReelgateError):
    """A stage failed, at once or to be tried again later by a worker."""


def run_to_end(context: WorkerContext, recording_id: str, show: Callable[[str, float], None]) -> None:
    """Run and watch until all stages are done. Raises StageFailedError at the first one that fails."""
    with _watched(context, recording_id, show) as watching:
        while True:
            while pipeline.run_next(context, recording_id):
                pass
            rows = _rows(context, recording_id)
            failed = next((row for row in rows.values() if row.error is not None), None)
            if failed is not None:
                raise StageFailedError(f"recording {recording_id}: {failed.name} failed: {failed.error}")
            if all(row.state is WorkState.DONE for row in rows.values()):
                return
            watching.wait(_LOOK_SECONDS)  # another worker is at it


@contextmanager
def _watched(
    context: WorkerContext, recording_id: str, show: Callable[[str, float], None]
) -> Iterator[threading.Event]:
    """Shows the stages' rows while the block runs; gives the event that ends the showing."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            _show(_rows(context, recording_id), show)

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        ended.set()
        thread.join()
        _show(_rows(context, recording_id), show)


def _show(rows: dict[StageName, Stage], show: Callable[[str, float], None]) -> None:
    for name, row in rows.items():
        if row.state is not WorkState.PENDING:
            show(name, row.progress)


def _rows(context: WorkerContext, recording_id: str) -> dict[StageName, Stage]:
    with context.database.read() as session:
        return stages.of_recording(session, recording_id)
