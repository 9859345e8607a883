"""`reelgate backup`: a copy of the whole site, made while it runs."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.audit import AuditTag, record
from gateway.commands.opened import command_actor, opened
from gateway.commands.output import say
from gateway.commands.progress import progress_bar
from gateway.storage import backup as site


def backup(
    folder: Annotated[Path, typer.Argument(help="New folder for the copy, on another disk.")],
    keys: Annotated[
        Path | None, typer.Option(help="New folder for the keys; keep it apart from the copy.", metavar="FOLDER")
    ] = None,
) -> None:
    """Copy the database, the recordings on hot disk, the archive folder and exports. An archive bucket is not copied.

    Keys are copied only to a folder of their own. docs/operate.md says how a site is restored.
    """
    with opened() as (settings, database):
        if keys is not None:  # first: the heads of the audit trail beside them must not be newer than the database
            site.back_up_keys(settings, keys)
        with progress_bar("copying") as show:
            done = site.back_up(settings, folder, progress=show)
        with database.write() as session:
            record(
                session,
                AuditTag.SITE_BACKED_UP,
                command_actor(),
                file_count=done.file_count,
                with_keys=keys is not None,
            )
    say(f"copied the database and {done.file_count} files ({done.byte_count} bytes) to {folder}")
    if done.vanished_count:
        say(f"{done.vanished_count} files left for the archive or were purged meanwhile")
    say(f"copied the keys to {keys}" if keys else "keys were not copied; without them the copy cannot be read")
