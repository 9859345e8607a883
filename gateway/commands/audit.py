"""`reelgate audit verify | head`: the trail is followed from its first event; its newest checkpoint for keeping.

Caller: `gateway.cli`. Needs the database and the signing key of the data folder, and no server.
"""

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.audit import check, checkpoints
from gateway.audit.heads import Heads
from gateway.core.errors import NotFoundError
from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.db.models import AuditCheck
from gateway.keys.keyring import Keyring
from gateway.keys.signing import Signer
from gateway.keys.site import open_database
from gateway.settings import get_settings
from gateway.storage.archive import archive_store
from gateway.telemetry import configure_logging

audit_app = typer.Typer(help="The audit trail: is it whole, and where does it end.", no_args_is_help=True)
_BROKEN: Final = 1


@audit_app.command("verify")
def verify(
    since: Annotated[
        Path | None, typer.Option(help="Only what is behind this checkpoint, printed by `reelgate audit head`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Follow the trail event by event. Status 0: sound; 1: broken, and the first event that does not fit is named."""
    kept = checkpoints.read_kept(since) if since else None
    with _trail() as (database, signer, heads), _bar() as told:
        claim = kept.claim() if kept else None
        found = check.check(database, signer, getpass.getuser(), since=claim, heads=heads, progress=told)
    typer.echo(json.dumps(_fields(found), indent=1) if as_json else _line(found))
    if found.broken_kind is not None:
        raise typer.Exit(_BROKEN)


@audit_app.command("head")
def head() -> None:
    """Check what is new, sign where the trail ends, and print the checkpoint: keep it where nobody here can change it."""
    with _trail() as (database, signer, heads):
        found = check.check_new(database, signer, getpass.getuser(), heads=heads)
        with database.read() as session:
            kept = checkpoints.to_keep(session)
    if found is not None and found.broken_kind is not None:
        typer.echo(f"reelgate: {_line(found)}", err=True)
        raise typer.Exit(_BROKEN)
    if kept is None:
        raise NotFoundError("the audit trail has no event yet, so there is nothing to sign")
    typer.echo(kept.to_json())


@contextmanager
def _trail() -> Iterator[tuple[Database, Signer, Heads]]:
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    if settings.database.startswith("sqlite") and not (settings.data_dir / "reelgate.db").is_file():
        raise NotFoundError(f"there is no database in {settings.data_dir}; set REELGATE_DATA_DIR to the data folder")
    upgrade(settings.database)
    database = open_database(settings)
    try:
        yield database, Keyring.open(settings, database).signer(), Heads(settings, archive_store(settings))
    finally:
        database.close()


@contextmanager
def _bar() -> Iterator[check.Progress]:
    """A bar on standard error where that is a terminal."""
    columns = (TextColumn("following"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("following", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _line(found: AuditCheck) -> str:
    behind = f" behind event {found.after_event_id}" if found.after_event_id else ""
    if found.broken_kind is None:
        outside = found.outside or "none: a trail that was rolled back would not be noticed"
        return (
            f"sound: {found.event_count} events{behind}, up to event {found.event_id}\n"
            f"newest head outside the database: {outside}" + "".join(f"\nremark: {remark}" for remark in found.remarks)
        )
    when = f" of {found.broken_at:%Y-%m-%d %H:%M:%S}Z" if found.broken_at else ""
    return f"broken: event {found.broken_event_id}{when} {found.broken_kind}: {found.detail}"


def _fields(found: AuditCheck) -> dict[str, Any]:
    return {
        "sound": found.broken_kind is None,
        "after_event_id": found.after_event_id,
        "event_id": found.event_id,
        "event_count": found.event_count,
        "kind": found.broken_kind,
        "broken_event_id": found.broken_event_id,
        "broken_at": found.broken_at.isoformat() if found.broken_at else None,
        "detail": found.detail,
        "outside": found.outside,
        "remarks": found.remarks,
    }
