"""Room on disk: what is brought back leaves live sessions theirs, and no room is nobody's fault.

Callers: restoring, repairing; whoever runs stages and tasks.
"""

import shutil

from sqlalchemy.exc import DBAPIError

from gateway.core.errors import UnavailableError
from gateway.db.database import is_full
from gateway.storage.local import is_disk_full
from workers.confine.child import DISK_FULL
from workers.running.work import WorkerContext


def with_no_room_told(error: Exception) -> Exception:
    """The error, or where it is that a disk (of files, of the database) is full: one that is waited for."""
    full = is_disk_full(error) if isinstance(error, OSError) else isinstance(error, DBAPIError) and is_full(error)
    return UnavailableError(DISK_FULL) if full else error


def refuse_without_room(context: WorkerContext, what: str, needed_bytes: int) -> None:
    """Raises UnavailableError where less than the floor that sessions need to be opened would be left."""
    free = shutil.disk_usage(context.settings.data_dir).free
    spare = free - context.settings.free_space_floor_bytes
    if needed_bytes > spare:
        raise UnavailableError(
            f"{what} needs {_mib(needed_bytes)} and hot disk has {_mib(max(0, spare))} to spare; it waits for room"
        )


def _mib(count: int) -> str:
    return f"{-(-count // 2**20)} MiB"
