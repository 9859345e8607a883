"""Legal holds in the archive follow the holds of the recordings, where the bucket has Object Lock.

Called by the job `holds.apply`: sent when a hold is placed or released, and by the timer, which finds what was archived
later or failed before. Each object's row is committed as soon as the archive has said that it took it.
"""

from typing import Final

from gateway.core.errors import ReelgateError
from gateway.db.models import ArchiveObject
from gateway.db.repositories import holds
from gateway.telemetry import get_logger
from workers.running.work import WorkerContext

# Objects of one run; the timer comes back for the rest.
_BATCH: Final = 1000
_log = get_logger()


def apply_holds(context: WorkerContext) -> int:
    """Set or clear what is not as it should be; how many objects. What fails is tried again at the next run."""
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
        # Archived anew meanwhile: the new object has a row of its own, which the next run looks at.
        if row is not None and row.version_id == stored.version_id:
            row.legal_hold = on
            session.add(row)
