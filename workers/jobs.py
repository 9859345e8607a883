"""Jobs by name, each a thin shell that finds the process's context and calls the work.

The gateway sends those of `gateway.core.work`, the timer those of `workers.schedule`.
"""

import threading
import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final

from celery import current_app, shared_task

from gateway.audit import Actor, check
from gateway.capacity.sample import sample
from gateway.core.work import (
    ARCHIVE_CHECK,
    ARCHIVE_READ_BACK,
    AUDIT_CHECK,
    AUDIT_CHECK_NEW,
    EXPORTS_EXPIRE,
    HOLDS_APPLY,
    HOT_COPIES_EXPIRE,
    NUDGES,
    PIPELINE_RESEND,
    PURGES_ADVANCE,
    RECORDING_ADVANCE,
    RECORDINGS_RECONCILE,
    RENDER_RUN,
    RETENTION_APPLY,
    STORAGE_SAMPLE,
    TASK_RUN,
    WORK_RUN,
    Queue,
    TaskKind,
)
from gateway.db.columns import utc_now
from gateway.db.repositories import queue
from gateway.settings import get_settings
from gateway.storage import archive_checks
from gateway.work.jobs import JobSender
from gateway.work.tasks import place
from workers import most_urgent
from workers.audit.task import tell
from workers.export.expiry import expire_exports
from workers.purge.due import advance_purges, apply_policies
from workers.purge.legal_holds import apply_holds
from workers.reconcile.read_back import read_back
from workers.reconcile.task import place_reconcile
from workers.running.lease import release_lost
from workers.running.scratch import remove_leftovers
from workers.running.work import WorkerContext
from workers.schedule import SESSIONS_RECOVER
from workers.tier.expiry import expire_hot_copies, finish_interrupted_expiry

# A nudge that finds every process busy is useless later: a process that finishes looks for more, and the timer nudges again.
# Longer than the clock skew between hosts: a nudge that has expired on arrival is never taken.
_NUDGE_SECONDS: Final = 300.0
# A process returns to the queue regularly, so that Celery can replace it if it has grown (`workers.app`).
_WORK_SECONDS: Final = 600.0
_TIMER: Final = "timer"
# A backlog of imports is sealed on some of the process's threads; the others stay free for timers.
_sealing: Final = threading.BoundedSemaphore(3)


@cache
def _context() -> WorkerContext:
    """Return the context, made at the first job: after Celery has forked, because connections must not be shared."""
    return WorkerContext.build(get_settings())


@cache
def _sender() -> JobSender:
    return JobSender(get_settings())


def _timer(name: str) -> Callable[[Callable[[], None]], Any]:
    """Declare a job of the timer. One still running in this process is not started a second time."""

    def decorate(work: Callable[[], None]) -> Any:
        running = threading.Lock()

        @wraps(work)
        def once_at_a_time() -> None:
            if not running.acquire(blocking=False):
                return
            try:
                work()
            finally:
                running.release()

        return shared_task(name=name)(once_at_a_time)

    return decorate


@shared_task(name=RECORDING_ADVANCE)
def advance(recording_id: str) -> None:  # noqa: ARG001 - rows say what is due; the id tells whoever reads the queue why
    """Seal recordings waiting for it, and nudge the other workers for the next stages."""
    release_lost(_context())
    _nudge(*NUDGES)
    if not _sealing.acquire(blocking=False):  # a running sealer continues until nothing is waiting
        return
    try:
        while most_urgent.seal(_context()):
            _nudge(*NUDGES)
    finally:
        _sealing.release()


@shared_task(name=WORK_RUN)
def run_work() -> None:
    """Run due work of this worker's queues, the most urgent first."""
    release_lost(_context())
    until, mine = time.monotonic() + _WORK_SECONDS, _queues()
    while most_urgent.run(_context(), mine):
        _nudge(*(NUDGES.keys() - mine))  # what follows may be another worker's
        if time.monotonic() > until:
            _nudge(min(mine))
            return


@shared_task(name=RENDER_RUN)
def run_render() -> None:
    """Do the same: whoever takes both queues takes the most urgent of both."""
    run_work()


@shared_task(name=TASK_RUN)
def run(task_id: str) -> None:  # noqa: ARG001 - as for `advance`
    """Run due work after a task was placed."""
    run_work()


@_timer(PIPELINE_RESEND)
def resend() -> None:
    """Put a dead worker's work back in the queue, and nudge workers about due work: their job may have been lost."""
    release_lost(_context())
    remove_leftovers(_context())
    count = _context().settings.worker_processes
    with _context().database.read() as session:
        seals = queue.due_seals(session, utc_now(), 1)
        due_counts = {one: len(queue.due(session, utc_now(), count, {one})) for one in NUDGES}
    for work in seals:
        _sender().send(RECORDING_ADVANCE, work.id, expires_seconds=_NUDGE_SECONDS)
    for one, due_count in due_counts.items():
        for _ in range(due_count):
            _nudge(one)


def _queues() -> set[Queue]:
    """Return the queues of durable work that this worker was started for; a job called elsewhere is for all of them."""
    return NUDGES.keys() & current_app.amqp.queues.consume_from or set(NUDGES)


def _nudge(*queues: Queue) -> None:
    for one in queues:
        _sender().send(NUDGES[one], expires_seconds=_NUDGE_SECONDS)


@_timer(HOT_COPIES_EXPIRE)
def expire() -> None:
    """Remove hot copies that have expired."""
    finish_interrupted_expiry(_context())
    expire_hot_copies(_context())


@_timer(ARCHIVE_CHECK)
def check_archive() -> None:
    """Check that the archive meets its requirements, and abort abandoned uploads."""
    archive_checks.check_archive(_context().settings, _context().database, _context().files.archive)


@_timer(ARCHIVE_READ_BACK)
def read_back_archive() -> None:
    """Read back tonight's share of the archived copies."""
    read_back(_context())


@_timer(RETENTION_APPLY)
def apply_retention_policies() -> None:
    """Update all recordings' dates to the policies, and mark those due for purge."""
    apply_policies(_context())
    advance_purges(_context(), _sender().send)


@_timer(PURGES_ADVANCE)
def advance_due_purges() -> None:
    """Mark recordings due for purge, and request purges whose grace period is over."""
    advance_purges(_context(), _sender().send)


@_timer(HOLDS_APPLY)
def apply_legal_holds() -> None:
    """Bring legal holds in the archive in line with the holds."""
    apply_holds(_context())


@_timer(EXPORTS_EXPIRE)
def expire_export_files() -> None:
    """Remove the files of expired exports."""
    expire_exports(_context())


@_timer(RECORDINGS_RECONCILE)
def reconcile_recordings() -> None:
    """Compare rows with bytes, repair and report: a task, so that one runs at a time and people see the result."""
    with _context().database.write() as session:
        place_reconcile(session, Actor(_TIMER), _sender().send, deep=False)


@_timer(STORAGE_SAMPLE)
def sample_storage() -> None:
    """Sample storage use."""
    sample(_context().settings, _context().database)


@_timer(AUDIT_CHECK_NEW)
def check_new_audit_events() -> None:
    """Check the audit trail from its newest checkpoint on, and sign its end."""
    context = _context()
    tell(check.check_new(context.database, context.keys.signer(), _TIMER, heads=context.audit_heads))


@_timer(AUDIT_CHECK)
def check_audit_trail() -> None:
    """Check the audit trail from its first event on; a task, because a long trail takes long."""
    with _context().database.write() as session:
        place(session, TaskKind.AUDIT_CHECK, Actor(_TIMER), _sender().send)


@_timer(SESSIONS_RECOVER)
def recover_sessions() -> None:
    """Close the sessions of dead gateways, so that their recordings are sealed."""
    from gateway.sessions.recovery import close_lost_gateways

    context = _context()
    close_lost_gateways(context.database, _sender().send, context.settings.data_dir)
