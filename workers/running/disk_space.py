"""Free-space checks, so that restores never starve live sessions."""

import shutil

from sqlalchemy.exc import DBAPIError

from gateway.core.errors import UnavailableError
from gateway.db.database import is_full
from gateway.storage.local import is_disk_full
from workers.confine.child import DISK_FULL
from workers.running.work import WorkerContext


def as_disk_full(error: Exception) -> Exception:
    """Return the error, or one that waits if a disk (of files, of the database) is full."""
    full = is_disk_full(error) if isinstance(error, OSError) else isinstance(error, DBAPIError) and is_full(error)
    return UnavailableError(DISK_FULL) if full else error


def require_free_space(context: WorkerContext, what: str, needed_bytes: int) -> None:
    """Raise UnavailableError if less than the floor that new sessions need would be left."""
    free = shutil.disk_usage(context.settings.data_dir).free
    spare = free - context.settings.free_space_floor_bytes
    if needed_bytes > spare:
        raise UnavailableError(
            f"{what} needs {_mib(needed_bytes)} but only {_mib(max(0, spare))} of hot storage may be used; it waits for free space"
        )


def _mib(count: int) -> str:
    return f"{-(-count // 2**20)} MiB"
