"""The jobs by name, each a thin shell: it takes ids, finds the process's context and calls the work.

Callers: Celery, for what the gateway sent (`gateway.core.jobs`) and what the timer sends (`workers.schedule`).
"""

from datetime import timedelta
from functools import cache
from typing import Final

from celery import shared_task

from gateway.audit import Actor, check
from gateway.capacity.sample import sample
from gateway.core.jobs import (
    ARCHIVE_CHECK,
    ARCHIVE_READ_BACK,
    AUDIT_CHECK,
    AUDIT_CHECK_NEW,
    EXPORTS_EXPIRE,
    HOLDS_APPLY,
    HOT_COPIES_EXPIRE,
    PIPELINE_RESEND,
    PURGES_ADVANCE,
    RECORDING_ADVANCE,
    RECORDINGS_RECONCILE,
    RETENTION_APPLY,
    STORAGE_SAMPLE,
    WATCH_TERM_RUN_BACKLOG,
)
from gateway.core.order import ORDER_RUN
from gateway.db.columns import utc_now
from gateway.db.models import AuditCheck
from gateway.db.repositories import orders, stages, watch_terms
from gateway.jobs import JobSender
from gateway.settings import get_settings
from gateway.storage import archive_checks
from gateway.telemetry import get_logger
from workers import pipeline
from workers.export.expiry import expire_exports
from workers.lease import release_dead
from workers.orders.runner import run_order
from workers.purge.due import advance_purges, apply_policies
from workers.purge.legal_holds import apply_holds
from workers.reconcile.order import place_reconcile
from workers.reconcile.read_back import read_back
from workers.schedule import SESSIONS_RECOVER
from workers.scratch import remove_leftovers
from workers.tier.expiry import expire_hot_copies, settle_expired
from workers.watch.backlog import run_backlog
from workers.work import WorkerContext

# Recordings a timer run sends: more than the workers finish until the next, few enough not to fill the queue.
_RESEND_COUNT: Final = 50
_RESEND_SECONDS: Final = 15.0
# A backlog that moves at all moves several times a second.
_BACKLOG_PAUSE: Final = timedelta(seconds=20)
_TIMER: Final = "timer"

_log = get_logger()


@cache
def _context() -> WorkerContext:
    """Made at the first job, so after Celery has forked: connections must not be shared."""
    return WorkerContext.build(get_settings())


@cache
def _sender() -> JobSender:
    return JobSender(get_settings())


@shared_task(name=RECORDING_ADVANCE)
def advance(recording_id: str) -> None:
    """Run the recording's due stages."""
    release_dead(_context())  # the job comes again at once when the process that had it was killed
    pipeline.advance(_context(), recording_id)


@shared_task(name=PIPELINE_RESEND)
def resend() -> None:
    """Send again what is due and in nobody's hands: its job was lost, its worker died, or its pause is over."""
    release_dead(_context())
    remove_leftovers(_context())
    with _context().database.read() as session:
        due = stages.recordings_with_work(session, utc_now(), _RESEND_COUNT)
        due_orders = orders.due(session, utc_now(), _RESEND_COUNT)
        stalled = watch_terms.stalled(session, utc_now() - _BACKLOG_PAUSE)
    for recording_id in due:
        _sender().send(RECORDING_ADVANCE, recording_id, expires_seconds=_RESEND_SECONDS)
    for order_id in due_orders:
        _sender().send(ORDER_RUN, order_id, expires_seconds=_RESEND_SECONDS)
    for watch_term_id in stalled:
        _sender().send(WATCH_TERM_RUN_BACKLOG, watch_term_id, expires_seconds=_RESEND_SECONDS)


@shared_task(name=ORDER_RUN)
def run(order_id: str) -> None:
    """Run one order, if it is due."""
    release_dead(_context())
    run_order(_context(), order_id)


@shared_task(name=WATCH_TERM_RUN_BACKLOG)
def run_watch_term_backlog(watch_term_id: str) -> None:
    """Run a watch term over the recordings there are."""
    run_backlog(_context(), watch_term_id)


@shared_task(name=HOT_COPIES_EXPIRE)
def expire() -> None:
    """Remove hot copies whose time is over."""
    settle_expired(_context())
    expire_hot_copies(_context())


@shared_task(name=ARCHIVE_CHECK)
def check_archive() -> None:
    """Look whether the archive keeps its promises, and give up uploads that nobody goes on with."""
    archive_checks.look(_context().settings, _context().database, _context().files.archive)


@shared_task(name=ARCHIVE_READ_BACK)
def read_back_archive() -> None:
    """Read back tonight's share of the archived copies."""
    read_back(_context())


@shared_task(name=RETENTION_APPLY)
def apply_retention_policies() -> None:
    """Bring all recordings' dates in line with the policies, and with them what is marked for purge."""
    apply_policies(_context())
    advance_purges(_context(), _sender().send)


@shared_task(name=PURGES_ADVANCE)
def advance_due_purges() -> None:
    """Mark what is over, order what has had its grace."""
    advance_purges(_context(), _sender().send)


@shared_task(name=HOLDS_APPLY)
def apply_legal_holds() -> None:
    """Legal holds in the archive follow the holds."""
    apply_holds(_context())


@shared_task(name=EXPORTS_EXPIRE)
def expire_export_files() -> None:
    """Remove the files of exports whose time is over."""
    expire_exports(_context())


@shared_task(name=RECORDINGS_RECONCILE)
def reconcile_recordings() -> None:
    """Compare rows with bytes, repair and report: an order, so that one runs at a time and people see what came of it."""
    with _context().database.write() as session:
        place_reconcile(session, Actor(_TIMER), _sender().send, deep=False)


@shared_task(name=STORAGE_SAMPLE)
def sample_storage() -> None:
    """Note how full storage is."""
    sample(_context().settings, _context().database)


@shared_task(name=AUDIT_CHECK_NEW)
def check_new_audit_events() -> None:
    """Follow the audit trail from its newest checkpoint on, and sign where it ends."""
    context = _context()
    _tell(check.check_new(context.database, context.keys.signer(), _TIMER, heads=context.audit_heads))


@shared_task(name=AUDIT_CHECK)
def check_audit_trail() -> None:
    """Follow the audit trail from its first event on."""
    context = _context()
    _tell(check.check(context.database, context.keys.signer(), _TIMER, heads=context.audit_heads))


def _tell(found: AuditCheck | None) -> None:
    if found is not None and found.broken_kind is not None:
        _log.error("audit_trail.broken", kind=found.broken_kind, event_id=found.broken_event_id, detail=found.detail)


@shared_task(name=SESSIONS_RECOVER)
def recover_sessions() -> None:
    """Close the sessions of gateways that are gone, so that their recordings are sealed."""
    from gateway.tunnel.recovery import close_lost_gateways

    context = _context()
    close_lost_gateways(context.database, _sender().send, context.settings.data_dir)
