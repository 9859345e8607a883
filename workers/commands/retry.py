"""`reelgate retry`: failed stages are tried again, as after an upgrade that mended what failed."""

import getpass
from typing import Annotated, Final

import typer

from gateway.audit import Actor, AuditTag
from gateway.core.errors import ReelgateError
from gateway.core.work import StageName
from gateway.db.migrate import upgrade
from gateway.settings import get_settings
from gateway.telemetry import configure_logging
from gateway.work.jobs import JobSender
from gateway.work.retrying import retry_failed
from workers.running.work import WorkerContext

# As Typer's own for wrong options: what was given cannot be used.
_UNUSABLE: Final = 2


def retry(
    failed: Annotated[bool, typer.Option("--failed", help="All recordings in which a stage failed.")] = False,
    stage: Annotated[StageName | None, typer.Option(help="Only where this stage failed.")] = None,
) -> None:
    """Try failed stages again; a running server's workers do the work."""
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    if not failed:
        typer.echo("reelgate: say --failed to try all failed stages again", err=True)
        raise typer.Exit(_UNUSABLE)
    try:
        upgrade(settings.database)
        context = WorkerContext.build(settings)
        sender, actor = JobSender(settings), Actor(getpass.getuser())
        count = retry_failed(context.database, actor, AuditTag.STAGE_RETRIED_BY_COMMAND, sender.send, stage)
    except ReelgateError as error:
        typer.echo(f"reelgate: {error}", err=True)
        raise typer.Exit(_UNUSABLE) from error
    typer.echo(f"{count} recordings are tried again" if count != 1 else "1 recording is tried again")
