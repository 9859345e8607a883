"""Keep legal holds in the archive in line with the recordings' holds, if the bucket has Object Lock.

The job runs when a hold is placed or released, and on a timer, which finds what was archived later or failed before.
Each object's row is committed as soon as the archive has accepted the change.
"""

from typing import Final

from gateway.core.errors import ReelgateError
from gateway.db.models import ArchiveObject
from gateway.db.repositories import holds
from gateway.telemetry import get_logger
from workers.running.work import WorkerContext

# Objects per run; the next run does the rest.
_BATCH: Final = 1000
_log = get_logger()


def apply_holds(context: WorkerContext) -> int:
    """Set or clear legal holds that differ; return their number. Failures are retried at the next run."""
    with context.database.read() as session:
        found = holds.unlike_archive(session, _BATCH)
    try:
        if not found or not context.files.archive.can_lock:
            return 0
        for stored, on in found:
            _apply(context, stored, on=on)
    except ReelgateError as error:
        _log.warning("legal_hold.not_applied", reason=str(error))
        return 0
    _log.info("legal_holds.applied", object_count=len(found))
    return len(found)


def _apply(context: WorkerContext, stored: ArchiveObject, *, on: bool) -> None:
    context.files.archive.set_legal_hold(stored.key, stored.version_id, on)
    with context.database.write() as session:
        row = session.get(ArchiveObject, stored.id)
        # Archived again in the meantime: the next run handles the new object's row.
        if row is not None and row.version_id == stored.version_id:
            row.legal_hold = on
            session.add(row)
