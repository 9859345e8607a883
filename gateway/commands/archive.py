"""`reelgate archive`: check the archive from the command line."""

import typer

from gateway.commands.ending import UNSOUND
from gateway.commands.opened import opened
from gateway.commands.output import say, say_table, warn
from gateway.storage import archive_checks
from gateway.storage.archive import archive_store
from gateway.storage.stores import PromiseState

archive_app = typer.Typer(help="The archive of recordings.", no_args_is_help=True)

_WORDS = {
    PromiseState.KEPT: "kept",
    PromiseState.BROKEN: "BROKEN",
    PromiseState.NOT_DEMANDED: "not demanded",
    PromiseState.NOT_OFFERED: "cannot be told",
}


@archive_app.callback()
def _archive() -> None:
    """The archive of recordings."""


@archive_app.command("check")
def check() -> None:
    """Check that the archive meets its requirements. Exit status 1 if it does not: then nothing is archived."""
    with opened() as (settings, database):
        row = archive_checks.look(settings, database, archive_store(settings))
    say(row.place)
    rows = [(promise["promise"], _WORDS[PromiseState(promise["state"])], promise["detail"]) for promise in row.promises]
    say_table(("promise", "state", "detail"), rows)
    if not row.is_usable:
        warn(f"nothing is archived to {row.place}: {row.reason}")
        raise typer.Exit(UNSOUND)
