"""Run a recording's stages to the end in this process, without other workers.

If another worker takes a stage, this process waits for it.
"""

from collections.abc import Callable

from gateway.core.errors import ReelgateError
from gateway.core.work import StageName, WorkState
from gateway.db.models import Stage
from gateway.db.repositories import stages
from workers import stages as pipeline
from workers.running.watching import LOOK_SECONDS, watching
from workers.running.work import WorkerContext


class StageFailedError(ReelgateError):
    """A stage failed, permanently or until a worker retries it."""


def run_to_end(context: WorkerContext, recording_id: str, show: Callable[[str, float], None]) -> None:
    """Run and watch until all stages are done. Raises StageFailedError at the first one that fails."""
    with watching(lambda: _show(_rows(context, recording_id), show)) as ended:
        while True:
            pipeline.advance(context, recording_id)
            rows = _rows(context, recording_id)
            failed = next((row for row in rows.values() if row.error is not None), None)
            if failed is not None:
                raise StageFailedError(f"recording {recording_id}: {failed.name} failed: {failed.error}")
            if all(row.state is WorkState.DONE for row in rows.values()):
                return
            ended.wait(LOOK_SECONDS)  # another worker is running it


def _show(rows: dict[StageName, Stage], show: Callable[[str, float], None]) -> None:
    for name, row in rows.items():
        if row.state is not WorkState.PENDING:
            show(name, row.progress)


def _rows(context: WorkerContext, recording_id: str) -> dict[StageName, Stage]:
    with context.database.read() as session:
        return stages.of_recording(session, recording_id)
