"""`reelgate archive`: the archive from the command line. Caller: `gateway.cli`."""

import typer
from rich.console import Console
from rich.table import Table

from gateway.db.migrate import upgrade
from gateway.db.models import ArchiveCheck
from gateway.keys.site import open_database
from gateway.private_files import prepare
from gateway.settings import get_settings
from gateway.storage import archive_checks
from gateway.storage.archive import archive_store
from gateway.storage.stores import PromiseState
from gateway.telemetry import configure_logging

archive_app = typer.Typer(help="The archive of recordings.", no_args_is_help=True)

_REFUSED = 1
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
    """Look whether the archive keeps its promises; exit status 1 when it does not, and nothing is archived to it."""
    settings = get_settings()
    configure_logging(level="CRITICAL", as_json=settings.log_json)
    prepare(settings)
    upgrade(settings.database)
    database = open_database(settings)
    row = archive_checks.look(settings, database, archive_store(settings))
    database.close()
    Console().print(_table(row))
    if not row.is_usable:
        typer.echo(f"reelgate: nothing is archived to {row.place}: {row.reason}", err=True)
        raise typer.Exit(_REFUSED)


def _table(row: ArchiveCheck) -> Table:
    table = Table(title=row.place, title_justify="left", box=None, pad_edge=False)
    for name in ("promise", "state", "detail"):
        table.add_column(name, overflow="fold")
    for promise in row.promises:
        table.add_row(promise["promise"], _WORDS[PromiseState(promise["state"])], promise["detail"])
    return table
