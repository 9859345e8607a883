"""`reelgate import`: a recording of an existing Guacamole installation enters the pipeline. Wired in by `workers.cli`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.policy.retention import RiskClass
from gateway.db.columns import utc_now
from gateway.db.migrate import upgrade
from gateway.db.models import Recording
from gateway.jobs import JobSender
from gateway.private_files import prepare
from gateway.settings import Settings, get_settings
from gateway.storage.local import is_disk_full
from gateway.telemetry import configure_logging
from workers.importing.bars import ShowProgress, stage_bars
from workers.importing.foreground import StageFailedError, run_to_end
from workers.importing.intake import About, refuse_twice, take_in
from workers.importing.survey import Survey, survey
from workers.work import WorkerContext

# As Typer's own for wrong options: what was given cannot be used.
_UNUSABLE: Final = 2
_FAILED: Final = 1


def import_recording(
    source: Annotated[Path, typer.Argument(help="The recording (a .guac file).", metavar="IN.guac")],
    target: Annotated[str, typer.Option(help="Name of the machine it shows.")],
    operator: Annotated[str | None, typer.Option(help="Who worked on it; default: unknown.")] = None,
    started_at: Annotated[
        str | None, typer.Option(help="When it began, ISO 8601, UTC unless a zone is given; default: from the file.")
    ] = None,
    group: Annotated[str, typer.Option(help="Group of the machine, for retention policies.")] = "",
    risk_class: Annotated[
        RiskClass, typer.Option(help="Risk class of the machine, for retention policies.")
    ] = RiskClass.STANDARD,
    wait: Annotated[bool, typer.Option("--wait", help="Run all stages here, with no server or broker.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Import a file that has been imported before.")] = False,
) -> None:
    """Bring in a recording of another Guacamole installation; prints its id."""
    settings = get_settings()
    # What went wrong is said in one line at the end.
    configure_logging(level="ERROR", as_json=settings.log_json)
    try:
        about = About(target, operator or "unknown", _time(started_at), group.strip(), risk_class)
        with stage_bars() as show:
            line = _import(settings, source, about, show, wait=wait, again=again)
    except StageFailedError as error:
        _fail(str(error), _FAILED)
    except ReelgateError as error:
        _fail(f"{source}: {error}", _UNUSABLE)
    except OSError as error:
        if is_disk_full(error):  # reading a file never says so
            _fail(f"{settings.data_dir}: {error.strerror}; free some there and import {source} again", _UNUSABLE)
        _fail(f"{error.filename or source}: {error.strerror or error}", _UNUSABLE)
    typer.echo(line)


def _import(settings: Settings, source: Path, about: About, show: ShowProgress, *, wait: bool, again: bool) -> str:
    facts = survey(source, lambda share: show("check", share))
    prepare(settings)
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    if not again:
        refuse_twice(context, facts.sha256)
    send_job = _send_nothing if wait else JobSender(settings).send
    recording = take_in(context, source, facts, about, send_job)
    for notice in _notices(facts, recording):
        typer.echo(f"reelgate: {source}: {notice}", err=True)
    if not wait:
        return recording.id
    run_to_end(context, recording.id, show)
    return f"{recording.id} searchable"


def _notices(facts: Survey, recording: Recording) -> Iterator[str]:
    """What whoever imports should know of the recording."""
    if facts.damage is not None:
        yield f"damaged: {facts.damage}; kept as it is, and readable up to there"
    if recording.is_start_guessed:
        yield (
            f"it is taken to have begun at {recording.started_at:%Y-%m-%d %H:%M:%S} UTC, counted back from the file's last"
            " change; give --started-at if that is wrong"
        )
    if recording.purge_after_at is not None and recording.purge_after_at <= utc_now():
        yield f"by its retention policy it may be purged since {recording.purge_after_at:%Y-%m-%d}; hold it to keep it"


def _send_nothing(_name: str, *_ids: str) -> None:
    """With --wait the stages run here; a server that is running finds the rows by itself."""


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(f"not a time as in 2026-01-31T13:45:00Z: {text}") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _fail(line: str, status: int) -> NoReturn:
    typer.echo(f"reelgate: {line}", err=True)
    raise typer.Exit(status)
