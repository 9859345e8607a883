"""On a timer: recordings whose time is over are marked, purges whose grace is over are ordered.

Called by the jobs `retention.apply` and `purges.advance`. Trouble with one recording does not stop the others.
"""

from gateway.core.errors import ReelgateError
from gateway.core.work import TaskKind
from gateway.db.columns import utc_now
from gateway.db.repositories import purges, retention
from gateway.retention import purging, set_dates_of_all
from gateway.telemetry import get_logger
from gateway.work import tasks
from gateway.work.stages import SendJob
from workers.running.work import WorkerContext

_log = get_logger()


def apply_policies(context: WorkerContext) -> int:
    """Bring all recordings' dates in line with the policies; returns how many were not."""
    count = set_dates_of_all(context.database, context.settings.hot_days)
    if count:
        _log.info("retention.applied", recording_count=count)
    return count


def advance_purges(context: WorkerContext, send_job: SendJob) -> None:
    """Take back marks whose ground is gone, mark what is over, request the purge of what has had its grace."""
    _recheck_marks(context)
    _mark(context)
    _task(context, send_job)


def _recheck_marks(context: WorkerContext) -> None:
    with context.database.read() as session:
        marked = purges.marked_by_policy(session)
    for purge_id in marked:
        with context.database.write() as session:
            purging.recheck(session, purge_id)


def _mark(context: WorkerContext) -> None:
    with context.database.read() as session:
        candidates = retention.due_for_purge(session, utc_now())
    for recording_id in candidates:
        try:
            with context.database.write() as session:
                marked = purging.mark_by_policy(session, recording_id, context.settings.purge_grace_days)
        except ReelgateError as error:
            _log.warning("purge.not_marked", recording_id=recording_id, reason=str(error))
            continue
        if marked is not None:
            _log.info("purge.marked", recording_id=recording_id, purge_id=marked.id)


def _task(context: WorkerContext, send_job: SendJob) -> None:
    with context.database.read() as session:
        due = purges.due(session, utc_now())
    for purge_id in due:
        with context.database.write() as session:
            if purging.recheck(session, purge_id):
                recording_id = purges.get(session, purge_id).recording_id
                tasks.place(
                    session, TaskKind.PURGE, purging.WORKER, send_job, recording_id=recording_id, purge_id=purge_id
                )
