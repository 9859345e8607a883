"""`reelgate import`: import a recording of another Guacamole installation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from gateway.commands.arguments import name_argument, time_argument
from gateway.commands.ending import INTERRUPTED, UNSOUND
from gateway.commands.opened import command_actor
from gateway.commands.output import say, warn
from gateway.commands.progress import progress_bars
from gateway.core.errors import InvalidInputError, UnavailableError
from gateway.core.policy.retention import RiskClass
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.storage.local import is_disk_full
from gateway.work.jobs import JobSender
from gateway.work.stages import SendJob
from workers.commands.opened import opened_context, send_nothing
from workers.importing.foreground import StageFailedError, run_to_end
from workers.importing.intake import About, reject_duplicate, take_in, unfinished_import
from workers.importing.survey import Survey, survey
from workers.running.work import WorkerContext

_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def import_recording(
    source: Annotated[Path, typer.Argument(help="The recording (a .guac file).", metavar="IN.guac")],
    target: Annotated[str, typer.Option(help="Name of the recorded machine.", metavar="NAME", parser=name_argument)],
    operator: Annotated[
        str, typer.Option(help="Name of the recorded operator.", metavar="NAME", parser=name_argument)
    ] = "unknown",
    started_at: Annotated[
        datetime | None,
        typer.Option(
            help="Start time, ISO 8601, UTC unless a zone is given; default: from the file.",
            metavar="TIME",
            parser=time_argument,
        ),
    ] = None,
    group: Annotated[str, typer.Option(help="Group of the machine, for retention policies.", metavar="NAME")] = "",
    risk_class: Annotated[
        RiskClass, typer.Option(help="Risk class of the machine, for retention policies.")
    ] = RiskClass.STANDARD,
    wait: Annotated[
        bool, typer.Option("--wait", help="Run all stages in this process, with no server or broker.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Import a file even if it has been imported before.")] = False,
) -> None:
    """Import a recording from another Guacamole installation and print its ID.

    If interrupted with --wait, run it again to continue.
    """
    if started_at is not None:
        _plausible(started_at)
    with progress_bars() as show:
        try:
            facts = survey(source, lambda share: show("check", share))
        except InvalidInputError as error:
            raise InvalidInputError(f"{source}: {error}") from error
    with opened_context(new=True) as context:
        about = About(target, operator, started_at, group.strip(), risk_class)
        recording_id = _taken_in(context, source, facts, about, wait=wait, again=again)
        if wait:
            _run(context, recording_id)
    say(f"{recording_id} searchable" if wait else recording_id)


def _plausible(started_at: datetime) -> None:
    """Reject times before 1970 or in the future: retention dates are counted from them."""
    if not _EARLIEST <= started_at <= utc_now() + timedelta(days=1):
        raise InvalidInputError(
            f"--started-at {started_at.isoformat()} is before 1970 or in the future; give the time the session began"
        )


def _taken_in(
    context: WorkerContext,
    source: Path,
    facts: Survey,
    about: About,
    *,
    wait: bool,
    again: bool,
) -> str:
    if wait and not again:
        unfinished = unfinished_import(context, facts.sha256, about.target, about.operator)
        if unfinished is not None:
            return unfinished
    if not again:
        reject_duplicate(context, facts.sha256)
    sender = None if wait else JobSender(context.settings)
    send_job: SendJob = send_nothing if sender is None else sender.send
    recording = _copied(context, source, facts, about, send_job)
    for notice in _notices(facts, recording):
        warn(f"{source}: {notice}")
    if sender is not None:
        sender.close()
    return recording.id


def _notices(facts: Survey, recording: Recording) -> Iterator[str]:
    """Print remarks about the recording for the person who imports it."""
    if facts.damage is not None:
        yield f"damaged: {facts.damage}; kept unchanged and readable up to there"
    if recording.is_start_guessed:
        yield (
            f"start time estimated as {recording.started_at:%Y-%m-%d %H:%M:%S} UTC from the file's modification time;"
            " give --started-at if that is wrong"
        )
    if recording.purge_after_at is not None and recording.purge_after_at <= utc_now():
        yield f"its retention policy allows a purge since {recording.purge_after_at:%Y-%m-%d}; place a hold to keep it"


def _copied(context: WorkerContext, source: Path, facts: Survey, about: About, send_job: SendJob) -> Recording:
    try:
        return take_in(context, source, facts, about, actor=command_actor(), send_job=send_job)
    except OSError as error:
        if is_disk_full(error):
            raise UnavailableError(
                f"the disk of the data folder {context.settings.data_dir.absolute()} is full; nothing was imported"
            ) from error
        raise


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
