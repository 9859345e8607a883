"""`reelgate reread`: run OCR on recordings again, for example with a newer engine or language pack.

Queues stages; a running server's workers do the rest, or with --wait this process. The old text stays searchable until
the new one is complete.
"""

from functools import partial
from typing import Annotated, Final

import typer

from gateway.audit import AuditTag, record
from gateway.commands.arguments import OptionalRecordingId, text_argument
from gateway.commands.ending import INTERRUPTED, UNSOUND
from gateway.commands.opened import command_actor
from gateway.commands.output import say, warn
from gateway.commands.progress import ShowProgress, progress_bars
from gateway.core.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.core.recording.states import RecordingState
from gateway.core.work import STAGE_ORDER, StageName
from gateway.db.repositories import recordings
from gateway.work import stages as pipeline
from gateway.work.jobs import JobSender
from workers.commands.opened import opened_context, recording_id_of, send_nothing
from workers.desktop.ocr.engines import engine_names
from workers.importing.foreground import StageFailedError, run_to_end
from workers.running.work import WorkerContext

_STAGES: Final = frozenset(STAGE_ORDER[STAGE_ORDER.index(StageName.OCR) :])
_READABLE: Final = (RecordingState.SEALED, RecordingState.ARCHIVED)


def reread(
    recording: OptionalRecordingId = None,
    everything: Annotated[bool, typer.Option("--all", help="All recordings, newest first.")] = False,
    engine: Annotated[
        str | None,
        typer.Option(help="OCR engine; default: the configured one.", metavar="NAME", parser=text_argument),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Read in this process, with no server or broker.")] = False,
) -> None:
    """Run OCR on a recording again; the old text stays searchable until the new text is complete."""
    if (recording is None) is not everything:
        raise InvalidInputError("name one recording, or use --all")
    if engine not in {None, "auto", *engine_names()}:
        raise InvalidInputError(f"there is no engine {engine}; use one of {', '.join(engine_names())}")
    with opened_context() as context:
        sender = None if wait else JobSender(context.settings)
        send_job = send_nothing if sender is None else sender.send
        try:
            if recording is not None:
                _again(context, recording_id_of(context, recording), engine, send_job, "" if wait else None)
            else:
                _all_again(context, engine, send_job, wait=wait)
        except StageFailedError as error:
            warn(str(error))
            raise typer.Exit(UNSOUND) from error
        except KeyboardInterrupt as error:
            warn("interrupted; a server, or running this again, finishes what was begun")
            raise typer.Exit(INTERRUPTED) from error
        finally:
            if sender is not None:
                sender.close()


def _all_again(context: WorkerContext, engine: str | None, send_job: pipeline.SendJob, *, wait: bool) -> None:
    with context.database.read() as session:
        ids = recordings.ids_in_states(session, _READABLE)
    titles = [f"{number}/{len(ids)}" if wait else None for number in range(1, len(ids) + 1)]
    failures = sum(not _tried(context, one, engine, send_job, title) for one, title in zip(ids, titles, strict=True))
    if failures:
        warn(f"{failures} could not be read again")
        raise typer.Exit(UNSOUND)


def _tried(
    context: WorkerContext, recording_id: str, engine: str | None, send_job: pipeline.SendJob, title: str | None
) -> bool:
    """Read one of many: report what is wrong with it and continue with the others."""
    try:
        _again(context, recording_id, engine, send_job, title)
    except (ConflictError, NotFoundError, StageFailedError) as error:
        warn(f"{recording_id}: {error}")
        return False
    return True


def _again(
    context: WorkerContext, recording_id: str, engine: str | None, send_job: pipeline.SendJob, title: str | None
) -> None:
    """Read one recording; `title` precedes the progress bars, None leaves the work to a server's workers."""
    with context.database.write() as session:
        row = recordings.get(session, recording_id)
        pipeline.reread(session, row, send_job, engine=engine)
        record(session, AuditTag.RECORDING_REREAD_BY_COMMAND, command_actor(), subject_id=recording_id, engine=engine)
    if title is not None:
        with progress_bars(title) as show:
            run_to_end(context, recording_id, partial(_show, show))
    say(f"{recording_id} {'will be read again' if title is None else 'searchable'}")


def _show(show: ShowProgress, name: str, share: float) -> None:
    """Show the stages that run again; the others are already done."""
    if name in _STAGES:
        show(name, share)
