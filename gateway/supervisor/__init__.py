"""Everything on one machine by one command: starts guacd, redis, worker, timer and the web server, and keeps them up.

Called by the commands `reelgate up` and `reelgate demo`. Reads the settings; writes `supervisor.json` for `/health`.
"""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.supervisor.child import Child

# The warden, a process that lives as long as the supervisor, imports this package and needs no settings.
if TYPE_CHECKING:
    from gateway.settings import Settings


def _nothing_more(_settings: "Settings") -> Sequence[Child]:
    return ()


def _no_greeting(_settings: "Settings") -> str:
    return ""


def run(
    settings: "Settings",
    *,
    more: Callable[["Settings"], Sequence[Child]] = _nothing_more,
    greeting: Callable[["Settings"], str] = _no_greeting,
) -> None:
    """Migrate the database, then run everything in the foreground until Ctrl-C or TERM.

    `more` is called once the data folder is locked and migrated, and returns more children to run; `greeting` returns text
    to print below the address. Raises ReelgateError if it cannot start.
    """
    from gateway import sandbox
    from gateway.db.migrate import upgrade
    from gateway.keyring import ensure_keys
    from gateway.private_files import prepare
    from gateway.supervisor import listening
    from gateway.supervisor.lock import exclusive
    from gateway.supervisor.parts import broker, remote_desktop, web, workers
    from gateway.supervisor.supervisor import Supervisor

    prepare(settings)
    sandbox.require(settings.confine)
    settings.run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with exclusive(settings.run_dir) as lock, _sockets(settings.run_dir) as sockets:
        settings = listening.checked(settings)
        upgrade(settings.database)
        ensure_keys(settings)
        settings, redis = broker(settings, sockets)
        settings, guacd = remote_desktop(settings, sockets)
        children = [*redis, *guacd, *more(settings), *workers(settings), web(settings)]

        def on_ready() -> None:
            sys.stderr.write(f"\nReelgate is ready at {listening.url(settings)}\n{greeting(settings)}\n")

        asyncio.run(Supervisor(children, settings.run_dir, lock, on_ready, tell=_tell).run())
        _tell("Reelgate has stopped.")


def _tell(line: str) -> None:
    """Write a line for a person who waits at a terminal; elsewhere the log says the same."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{line}\n")


@contextmanager
def _sockets(run_dir: Path) -> Iterator[Path]:
    from gateway.supervisor.redis import socket_folder

    folder = socket_folder(run_dir)
    try:
        yield folder
    finally:
        if folder != run_dir.absolute():
            shutil.rmtree(folder)
