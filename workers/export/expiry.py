"""Remove the files of expired exports."""

from typing import Final

from gateway.audit import Actor
from gateway.db.columns import utc_now
from gateway.db.repositories import exports
from gateway.exports.removal import expire
from gateway.telemetry import get_logger
from workers.running.work import WorkerContext

# Exports per run; the next run does the rest.
_BATCH: Final = 100
_TIMER: Final = Actor("timer")
_log = get_logger()


def expire_exports(context: WorkerContext) -> int:
    """Remove expired files; return their number. An error in one does not stop the others."""
    with context.database.read() as session:
        due = exports.past(session, utc_now(), _BATCH)
    return sum(_expire(context, export_id) for export_id in due)


def _expire(context: WorkerContext, export_id: str) -> bool:
    try:
        with context.database.write() as session:
            gone = expire(context.settings, session, export_id, _TIMER)
    except OSError as error:
        _log.warning("export.not_deleted", export_id=export_id, reason=error.strerror)
        return False
    if gone:
        _log.info("export.expired", export_id=export_id)
    return gone
