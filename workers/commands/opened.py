"""What the workers' commands work on: an installation as a worker sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.commands.opened import opened
from gateway.db.repositories import recordings
from workers.running.work import WorkerContext


@contextmanager
def opened_context(*, new: bool = False) -> Iterator[WorkerContext]:
    """The installation for one command, as `gateway.commands.opened` opens it."""
    with opened(new=new) as (settings, database):
        yield WorkerContext.on(settings, database)


def recording_id_of(context: WorkerContext, text: str) -> str:
    """The id that a person gave, or gave the beginning of. Raises NotFoundError, InvalidInputError."""
    with context.database.read() as session:
        return recordings.by_prefix(session, text).id


def send_nothing(_name: str, *_ids: str) -> None:
    """With --wait the work is done here; a server that is running finds the rows by itself."""
