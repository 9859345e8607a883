"""`reelgate audit verify | head`: follow the trail from its first event; print its newest checkpoint for keeping.

Needs the database and the signing key of the data folder, and no server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.audit import check, checkpoints
from gateway.commands.ending import UNSOUND
from gateway.commands.opened import command_actor, opened
from gateway.commands.output import say, say_json, warn
from gateway.commands.progress import progress_bar
from gateway.core.errors import NotFoundError
from gateway.db.database import Database
from gateway.db.models import AuditCheck
from gateway.keys.keyring import Keyring
from gateway.keys.signing import Signer

audit_app = typer.Typer(help="The audit trail: is it whole, and where does it end.", no_args_is_help=True)


@audit_app.command("verify")
def verify(
    since: Annotated[
        Path | None, typer.Option(help="Only what is behind this checkpoint, printed by `reelgate audit head`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Follow the trail event by event. Status 0: sound; 1: broken, and the first event that does not fit is named."""
    kept = checkpoints.read_kept(since) if since else None
    with _trail() as (database, signer), progress_bar("following") as told:
        found = check.check(
            database,
            signer,
            command_actor().name,
            since=kept.claim() if kept else None,
            progress=lambda done, total: told(done / max(1, total)),
        )
    if as_json:
        say_json(_fields(found))
    else:
        say(_line(found))
    if found.broken_kind is not None:
        raise typer.Exit(UNSOUND)


@audit_app.command("head")
def head() -> None:
    """Check what is new, sign where the trail ends, and print the checkpoint: keep it where nobody here can change it."""
    with _trail() as (database, signer):
        found = check.check_new(database, signer, command_actor().name)
        with database.read() as session:
            kept = checkpoints.to_keep(session)
    if found is not None and found.broken_kind is not None:
        warn(_line(found))
        raise typer.Exit(UNSOUND)
    if kept is None:
        raise NotFoundError("the audit trail has no event yet, so there is nothing to sign")
    say(*kept.to_json().splitlines())


@contextmanager
def _trail() -> Iterator[tuple[Database, Signer]]:
    with opened() as (settings, database):
        yield database, Keyring.open(settings, database).signer()


def _line(found: AuditCheck) -> str:
    behind = f" behind event {found.after_event_id}" if found.after_event_id else ""
    if found.broken_kind is None:
        return f"sound: {found.event_count} events{behind}, up to event {found.event_id}"
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
    }
