"""`reelgate retry`: retry failed stages, for example after an upgrade that fixed the cause."""

from typing import Annotated

import typer

from gateway.audit import AuditTag
from gateway.commands.opened import command_actor
from gateway.commands.output import say
from gateway.core.errors import InvalidInputError
from gateway.core.work import StageName
from gateway.work.jobs import JobSender
from gateway.work.retrying import retry_failed
from workers.commands.opened import opened_context


def retry(
    failed: Annotated[bool, typer.Option("--failed", help="All recordings with a failed stage.")] = False,
    stage: Annotated[StageName | None, typer.Option(help="Only recordings in which this stage failed.")] = None,
) -> None:
    """Retry failed stages; a running server's workers do the work."""
    if not failed:
        raise InvalidInputError("use --failed to retry every failed stage")
    with opened_context() as context:
        sender = JobSender(context.settings)
        count = retry_failed(context.database, command_actor(), AuditTag.STAGE_RETRIED_BY_COMMAND, sender.send, stage)
    say(f"{count} recordings are tried again" if count != 1 else "1 recording is tried again")
