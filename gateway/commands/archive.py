"""`reelgate archive`: check the archive from the command line."""

import typer

from gateway.commands.ending import UNSOUND
from gateway.commands.opened import opened
from gateway.commands.output import say, say_table, warn
from gateway.storage import archive_checks
from gateway.storage.archive import archive_store
from gateway.storage.stores import RequirementState

archive_app = typer.Typer(help="The archive of recordings.", no_args_is_help=True)

_WORDS = {
    RequirementState.MET: "met",
    RequirementState.UNMET: "NOT MET",
    RequirementState.NOT_REQUIRED: "not required",
    RequirementState.NOT_SUPPORTED: "cannot be checked",
}


@archive_app.callback()
def _archive() -> None:
    """The archive of recordings."""


@archive_app.command("check")
def check() -> None:
    """Check that the archive meets its requirements. Exit status 1 if it does not: then nothing is archived."""
    with opened() as (settings, database):
        row = archive_checks.check_archive(settings, database, archive_store(settings))
    say(row.place)
    rows = [
        (requirement["requirement"], _WORDS[RequirementState(requirement["state"])], requirement["detail"])
        for requirement in row.requirements
    ]
    say_table(("requirement", "state", "detail"), rows)
    if not row.is_usable:
        warn(f"archiving to {row.place} is paused: {row.reason}")
        raise typer.Exit(UNSOUND)
