"""`reelgate import`: a recording of an existing Guacamole installation enters the pipeline."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from gateway.commands.arguments import name_argument, time_argument
from gateway.commands.ending import INTERRUPTED, UNSOUND
from gateway.commands.opened import command_actor
from gateway.commands.output import say, warn
from gateway.commands.progress import progress_bars
from gateway.core.errors import InvalidInputError
from gateway.db.columns import utc_now
from gateway.jobs import JobSender
from gateway.pipeline import SendJob
from workers.commands.opened import opened_context, send_nothing
from workers.importing.foreground import StageFailedError, run_to_end
from workers.importing.intake import reject_duplicate, take_in, unfinished_import
from workers.importing.survey import Survey, survey
from workers.work import WorkerContext

_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def import_recording(
    source: Annotated[Path, typer.Argument(help="The recording (a .guac file).", metavar="IN.guac")],
    target: Annotated[str, typer.Option(help="Name of the machine it shows.", metavar="NAME", parser=name_argument)],
    operator: Annotated[str, typer.Option(help="Who worked on it.", metavar="NAME", parser=name_argument)] = "unknown",
    started_at: Annotated[
        datetime | None,
        typer.Option(
            help="When it began, ISO 8601, UTC unless a zone is given; default: from the file.",
            metavar="TIME",
            parser=time_argument,
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Run all stages here, with no server or broker.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Import a file that has been imported before.")] = False,
) -> None:
    """Bring in a recording of another Guacamole installation; prints its id.

    Interrupted with --wait, it goes on where it was when it is run again.
    """
    if started_at is not None:
        _plausible(started_at)
    with progress_bars() as show:
        try:
            facts = survey(source, lambda share: show("check", share))
        except InvalidInputError as error:
            raise InvalidInputError(f"{source}: {error}") from error
    with opened_context(new=True) as context:
        recording_id = _taken_in(
            context, source, facts, target=target, operator=operator, started_at=started_at, wait=wait, again=again
        )
        if wait:
            _run(context, recording_id)
    say(f"{recording_id} searchable" if wait else recording_id)


def _plausible(started_at: datetime) -> None:
    """Dates of retention are counted from here on, and the calendar has an end."""
    if not _EARLIEST <= started_at <= utc_now() + timedelta(days=1):
        raise InvalidInputError(f"--started-at {started_at.isoformat()} is before 1970 or in the future")


def _taken_in(
    context: WorkerContext,
    source: Path,
    facts: Survey,
    *,
    target: str,
    operator: str,
    started_at: datetime | None,
    wait: bool,
    again: bool,
) -> str:
    if wait and not again:
        unfinished = unfinished_import(context, facts.sha256)
        if unfinished is not None:
            return unfinished
    if not again:
        reject_duplicate(context, facts.sha256)
    sender = None if wait else JobSender(context.settings)
    send_job: SendJob = send_nothing if sender is None else sender.send
    recording = take_in(
        context,
        source,
        facts,
        target=target,
        operator=operator,
        started_at=started_at,
        actor=command_actor(),
        send_job=send_job,
    )
    if sender is not None:
        sender.close()
    return recording.id


def _run(context: WorkerContext, recording_id: str) -> None:
    try:
        with progress_bars() as show:
            run_to_end(context, recording_id, show)
    except StageFailedError as error:
        warn(str(error))
        raise typer.Exit(UNSOUND) from error
    except KeyboardInterrupt as error:
        warn(f"interrupted; recording {recording_id} is imported: run this again, or a server, to finish its stages")
        raise typer.Exit(INTERRUPTED) from error
