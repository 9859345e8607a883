"""Open an installation for the workers' commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.commands.opened import opened
from gateway.db.repositories import recordings
from workers.running.work import WorkerContext


@contextmanager
def opened_context(*, new: bool = False) -> Iterator[WorkerContext]:
    """Open the installation for one command, like `gateway.commands.opened`."""
    with opened(new=new) as (settings, database):
        yield WorkerContext.on(settings, database)


def recording_id_of(context: WorkerContext, text: str) -> str:
    """Resolve an ID or a prefix of one. Raises NotFoundError, InvalidInputError."""
    with context.database.read() as session:
        return recordings.by_prefix(session, text).id


def send_nothing(_name: str, *_ids: str) -> None:
    """Send no job: with --wait the work is done here, and a running server finds the rows on its own."""
