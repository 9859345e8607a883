"""`reelgate audit verify | head`: verify the trail from its first event; print its newest checkpoint.

Needs the database and the signing key of the data folder, and no server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.audit import check, checkpoints
from gateway.audit.heads import Heads
from gateway.commands.ending import UNSOUND
from gateway.commands.opened import command_actor, opened
from gateway.commands.output import say, say_json, warn
from gateway.commands.progress import progress_bar
from gateway.core.errors import NotFoundError
from gateway.db.database import Database
from gateway.db.models import AuditCheck
from gateway.keyring import Keyring
from gateway.keys.signing import Signer
from gateway.storage.archive import archive_store

audit_app = typer.Typer(help="Verify the audit trail and print its newest checkpoint.", no_args_is_help=True)


@audit_app.command("verify")
def verify(
    since: Annotated[
        Path | None, typer.Option(help="Check only events after this checkpoint, as printed by `reelgate audit head`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Verify the trail event by event. Status 0: sound; 1: broken, with the first event that fails verification."""
    kept = checkpoints.read_kept(since) if since else None
    with _trail() as (database, signer, heads), progress_bar("following") as told:
        found = check.check(
            database,
            signer,
            command_actor().name,
            since=kept.claim() if kept else None,
            heads=heads,
            progress=lambda done, total: told(done / max(1, total)),
        )
    if as_json:
        say_json(_fields(found))
    else:
        say(_line(found), *_further(found))
    if found.broken_kind is not None:
        raise typer.Exit(UNSOUND)


@audit_app.command("head")
def head() -> None:
    """Check new events, sign the end of the trail and print the checkpoint. Store it where nobody at this site can change it."""
    with _trail() as (database, signer, heads):
        found = check.check_new(database, signer, command_actor().name, heads=heads)
        with database.read() as session:
            kept = checkpoints.to_keep(session)
    if found is not None and found.broken_kind is not None:
        warn(_line(found))
        raise typer.Exit(UNSOUND)
    if kept is None:
        raise NotFoundError("the audit trail has no event yet, so there is nothing to sign")
    say(*kept.to_json().splitlines())


@contextmanager
def _trail() -> Iterator[tuple[Database, Signer, Heads]]:
    with opened() as (settings, database):
        yield database, Keyring.open(settings, database).signer(), Heads(settings, archive_store(settings))


def _line(found: AuditCheck) -> str:
    behind = f" behind event {found.after_event_id}" if found.after_event_id else ""
    if found.broken_kind is None:
        return f"sound: {found.event_count} events{behind}, up to event {found.event_id}"
    when = f" of {found.broken_at:%Y-%m-%d %H:%M:%S}Z" if found.broken_at else ""
    return f"broken: event {found.broken_event_id}{when} {found.broken_kind}: {found.detail}"


def _further(found: AuditCheck) -> Iterator[str]:
    """Return the heads the trail was compared with, and any remarks."""
    outside = found.outside or "none: a trail that was rolled back would not be noticed"
    yield f"newest head outside the database: {outside}"
    yield from (f"remark: {remark}" for remark in found.remarks)


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
