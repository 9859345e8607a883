"""`reelgate restore`: restore an archived recording to hot storage."""

import math
from typing import Annotated

import typer

from gateway.commands.arguments import RecordingId
from gateway.commands.ending import INTERRUPTED, UNSOUND
from gateway.commands.opened import command_actor
from gateway.commands.output import say, warn
from gateway.commands.progress import progress_bar
from gateway.core.errors import InvalidInputError
from gateway.core.work import WorkState
from gateway.db.repositories import recordings
from gateway.work.jobs import JobSender
from gateway.work.restoring import hot_until, request_restore
from gateway.work.stages import SendJob
from workers.commands.opened import opened_context, recording_id_of, send_nothing
from workers.running.work import WorkerContext
from workers.tasks.foreground import run_to_end


def restore(
    recording: RecordingId,
    days: Annotated[float, typer.Option(help="Days it stays on hot disk after it is restored.")] = 7.0,
    wait: Annotated[bool, typer.Option("--wait", help="Restore in this process, with no server or broker.")] = False,
) -> None:
    """Restore an archived recording to hot storage."""
    if not math.isfinite(days):
        raise InvalidInputError(f"--days must be a finite number, not {days}")
    with opened_context() as context:
        recording_id = recording_id_of(context, recording)
        if wait:
            _restore(context, recording_id, _task(context, recording_id, days, send_nothing))
            return
        sender = JobSender(context.settings)
        try:
            _task(context, recording_id, days, sender.send)
        finally:
            sender.close()
    say(f"{recording_id} will be restored")


def _task(context: WorkerContext, recording_id: str, days: float, send_job: SendJob) -> str:
    with context.database.write() as session:
        row = recordings.get(session, recording_id)
        return request_restore(session, row, days, command_actor(), send_job).id


def _restore(context: WorkerContext, recording_id: str, task_id: str) -> None:
    try:
        with progress_bar("restoring") as show:
            task = run_to_end(context, task_id, show)
    except KeyboardInterrupt as error:
        warn("interrupted; the restore stays ordered: run this again, or a server, to finish it")
        raise typer.Exit(INTERRUPTED) from error
    if task.state is not WorkState.DONE:
        later = "; a running server tries again" if task.state is WorkState.PENDING else ""
        warn(f"{task.error}{later}")
        raise typer.Exit(UNSOUND)
    say(f"{recording_id} is hot until {hot_until(task):%Y-%m-%d %H:%M} UTC")
