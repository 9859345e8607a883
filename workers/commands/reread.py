"""`reelgate reread`: the text of recordings is read again, with a newer engine or language pack.

Wired into the program by `workers.cli`. Sets stage rows; a running server's workers do the rest, or with --wait this
process. What was read before is searched until the new is whole.
"""

import getpass
from functools import partial
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from sqlalchemy import make_url

from gateway import pipeline
from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, InvalidInputError, NotFoundError, ReelgateError
from gateway.core.jobs import STAGE_ORDER, StageName
from gateway.core.recording.states import RecordingState
from gateway.db.migrate import upgrade
from gateway.db.repositories import recordings
from gateway.jobs import JobSender
from gateway.settings import Settings, get_settings
from gateway.telemetry import configure_logging
from workers.importing.bars import ShowProgress, stage_bars
from workers.importing.foreground import StageFailedError, run_to_end
from workers.ocr.engines import engine_names
from workers.work import WorkerContext

# As Typer's own for wrong options: what was given cannot be used.
_UNUSABLE: Final = 2
_FAILED: Final = 1
_STAGES: Final = frozenset(STAGE_ORDER[STAGE_ORDER.index(StageName.OCR) :])
_READABLE: Final = (RecordingState.SEALED, RecordingState.ARCHIVED)


def reread(
    recording: Annotated[str | None, typer.Argument(help="The recording's id.", metavar="RECORDING")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All recordings, the newest first.")] = False,
    engine: Annotated[str | None, typer.Option(help="The engine that reads; default: the one that is set.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Read here, with no server or broker.")] = False,
) -> None:
    """Read the text of a recording again; what was read before is searched until the new is complete."""
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    try:
        _check(settings, recording, engine, everything=everything)
        failures = _reread(settings, recording, engine, wait=wait)
    except StageFailedError as error:
        _fail(str(error), _FAILED)
    except ReelgateError as error:
        _fail(str(error), _UNUSABLE)
    if failures:
        _fail(f"{failures} could not be read again", _FAILED)


def _check(settings: Settings, recording: str | None, engine: str | None, *, everything: bool) -> None:
    if (recording is None) is not everything:
        raise InvalidInputError("name one recording, or say --all")
    if engine not in {None, "auto", *engine_names()}:
        raise InvalidInputError(f"there is no engine {engine}; there are {', '.join(engine_names())}")
    path = make_url(settings.database).database
    if settings.database.startswith("sqlite") and not Path(path or "").is_file():
        raise NotFoundError(f"there is no database at {path}; set REELGATE_DATA_DIR to the data folder")


def _reread(settings: Settings, recording_id: str | None, engine: str | None, *, wait: bool) -> int:
    """Returns how many of several could not be; for a single one, raises why not."""
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    send_job = _send_nothing if wait else JobSender(settings).send
    try:
        if recording_id is not None:
            _again(context, recording_id, engine, send_job, "" if wait else None)
            return 0
        with context.database.read() as session:
            ids = recordings.ids_in_states(session, _READABLE)
        titles = [f"{number}/{len(ids)}" if wait else None for number in range(1, len(ids) + 1)]
        return sum(not _tried(context, one, engine, send_job, title) for one, title in zip(ids, titles, strict=True))
    finally:
        context.database.close()


def _tried(
    context: WorkerContext, recording_id: str, engine: str | None, send_job: pipeline.SendJob, title: str | None
) -> bool:
    """One of many: what is wrong with it is said, and the others go on."""
    try:
        _again(context, recording_id, engine, send_job, title)
    except (ConflictError, NotFoundError, StageFailedError) as error:
        typer.echo(f"reelgate: {recording_id}: {error}", err=True)
        return False
    return True


def _again(
    context: WorkerContext, recording_id: str, engine: str | None, send_job: pipeline.SendJob, title: str | None
) -> None:
    """`title`: what stands before the bars of progress; None leaves the reading to a server's workers."""
    with context.database.write() as session:
        row = recordings.get(session, recording_id)
        pipeline.reread(session, row, send_job, engine=engine)
        actor = Actor(getpass.getuser())
        record(session, AuditTag.RECORDING_REREAD_BY_COMMAND, actor, subject_id=recording_id, engine=engine)
    if title is not None:
        with stage_bars(title) as show:
            run_to_end(context, recording_id, partial(_show, show))
    typer.echo(f"{recording_id} {'will be read again' if title is None else 'searchable'}")


def _show(show: ShowProgress, name: str, share: float) -> None:
    """What was done long ago is no progress."""
    if name in _STAGES:
        show(name, share)


def _send_nothing(_name: str, *_ids: str) -> None:
    """With --wait the stages run here; a server that is running finds the rows by itself."""


def _fail(line: str, status: int) -> NoReturn:
    typer.echo(f"reelgate: {line}", err=True)
    raise typer.Exit(status)
