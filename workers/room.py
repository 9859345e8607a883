"""Room on hot disk: what is brought back leaves live sessions theirs. Callers: restoring, repairing."""

import shutil

from gateway.core.errors import UnavailableError
from workers.work import WorkerContext


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
