"""The task kind `audit_check`: check the whole trail."""

from sqlmodel import Session

from gateway.audit.check import check
from gateway.db.models import AuditCheck
from gateway.db.repositories import tasks
from gateway.telemetry import get_logger
from workers.running.task_work import TaskWork
from workers.running.work import Publish

_log = get_logger()


def run(work: TaskWork) -> Publish:
    """Check the trail from the first event on; the result is its own row."""
    context = work.context
    found = check(
        context.database,
        context.keys.signer(),
        work.task.requested_by_name,
        heads=context.audit_heads,
        progress=lambda done, total: work.progress(done / total),
    )

    tell(found)

    def publish(session: Session) -> None:
        row = tasks.get(session, work.task.id)
        row.result = {"event_count": found.event_count, "sound": found.broken_kind is None}
        session.add(row)

    return publish


def tell(found: AuditCheck | None) -> None:
    """Log a break of the trail; None means there was nothing to check."""
    if found is not None and found.broken_kind is not None:
        _log.error("audit_trail.broken", kind=found.broken_kind, event_id=found.broken_event_id, detail=found.detail)
