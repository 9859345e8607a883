"""Running one order, driven by its row: leased, worked on, published in the transaction that marks it done.

Callers: the Celery job `order.run`, commands that wait for the result. As with stages, any process may be killed at any
point: the lease runs out and the order runs again, so a runner must find what an earlier run has done already.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from gateway.core.errors import ConflictError, InvalidInputError, NotFoundError, ReelgateError, UnavailableError
from gateway.core.jobs import WorkState
from gateway.core.order import OrderKind
from gateway.db.columns import utc_now
from gateway.db.models import Order
from gateway.db.repositories import orders, recordings
from gateway.telemetry import get_logger
from workers.audit.order import run as run_audit_check
from workers.export.runner import run as run_export
from workers.lease import LEASE, Lease, LeaseLostError
from workers.orders.work import OrderRunner, OrderWork
from workers.purge.order import run as run_purge
from workers.reconcile.order import run as run_reconcile
from workers.restore.work import run as run_restore
from workers.room import with_no_room_told
from workers.scratch import scratch_folder
from workers.verify.order import run as run_verify
from workers.work import Publish, WorkerContext

RUNNERS: Final[dict[OrderKind, OrderRunner]] = {
    OrderKind.VERIFY: run_verify,
    OrderKind.PURGE: run_purge,
    OrderKind.RESTORE: run_restore,
    OrderKind.RECONCILE: run_reconcile,
    OrderKind.AUDIT_CHECK: run_audit_check,
    OrderKind.EXPORT: run_export,
}

MAX_ATTEMPTS: Final = 5
_FIRST_PAUSE: Final = timedelta(seconds=5)
# What is not there (an archive that is down) is asked for at growing intervals up to this, and never given up.
_LONGEST_PAUSE: Final = timedelta(minutes=5)

_log = get_logger()


def run_order(context: WorkerContext, order_id: str, runners: Mapping[OrderKind, OrderRunner] = RUNNERS) -> bool:
    """Run the order if it is due and in nobody's hands; whether it is done now."""
    order = _take(context, order_id)
    if order is None:
        return False
    log = _log.bind(order_id=order_id, kind=order.kind, recording_id=order.recording_id, attempt=order.attempt_count)
    log.info("order.started")
    try:
        _run(context, order, runners[order.kind])
    except LeaseLostError:
        log.warning("order.lost")
        return False
    except Exception as caught:
        error = with_no_room_told(caught)
        log.warning("order.failed", reason=_reason(error), exc_info=not isinstance(error, ReelgateError))
        _note_failure(context, order, error)
        return False
    log.info("order.finished")
    return True


def _take(context: WorkerContext, order_id: str) -> Order | None:
    now = utc_now()
    with context.database.write() as session:
        order = orders.get(session, order_id, lock=True)
        if not orders.is_ready(order, now):
            return None
        if order.attempt_count >= MAX_ATTEMPTS:
            _end(order, WorkState.FAILED, f"the worker was lost {order.attempt_count} times while at this")
            return None
        order.state, order.error, order.progress = WorkState.RUNNING, None, 0.0
        order.attempt_count += 1
        order.started_at = order.started_at or now
        order.not_before_at = None
        order.lease_owner, order.lease_until_at = context.owner, now + LEASE
        session.add(order)
    return order


def _run(context: WorkerContext, order: Order, runner: OrderRunner) -> None:
    recording = None
    if order.recording_id is not None:
        with context.database.read() as session:
            recording = recordings.get(session, order.recording_id)
    with scratch_folder(context, context.settings.data_dir) as scratch:
        with Lease(context, partial(orders.renew, order_id=order.id)) as lease:
            publish = runner(OrderWork(context, order, recording, scratch, lease.progress))
        _finish(context, order, publish)


def _finish(context: WorkerContext, order: Order, publish: Publish) -> None:
    """INVARIANT: what an order made becomes visible together with its row, and only if the order is still ours."""
    with context.database.write() as session:
        row = orders.held(session, order.id, context.owner)
        if row is None:
            raise LeaseLostError("another worker has taken this order")
        publish(session)
        _end(row, WorkState.DONE, None)
        row.progress = 1.0
        session.add(row)


def _note_failure(context: WorkerContext, order: Order, error: Exception) -> None:
    now = utc_now()
    with context.database.write() as session:
        row = orders.held(session, order.id, context.owner)
        if row is None:
            return
        row.lease_owner = row.lease_until_at = None
        if isinstance(error, UnavailableError):
            # Not the order's fault: wait as long again as it has taken so far, and do not count it.
            row.attempt_count = min(row.attempt_count, 1)
            pause = min(max(now - (row.started_at or now), _FIRST_PAUSE), _LONGEST_PAUSE)
        elif isinstance(error, InvalidInputError | ConflictError | NotFoundError) or row.attempt_count >= MAX_ATTEMPTS:
            _end(row, WorkState.FAILED, _reason(error))
            return
        else:
            pause = _FIRST_PAUSE * 2 ** (row.attempt_count - 1)
        row.state, row.error, row.not_before_at = WorkState.PENDING, _reason(error), now + pause
        session.add(row)


def _end(order: Order, state: WorkState, error: str | None) -> None:
    order.state, order.error, order.finished_at = state, error, utc_now()
    order.lease_owner = order.lease_until_at = order.not_before_at = None


def _reason(error: Exception) -> str:
    """What a person reads at the order."""
    return str(error) if isinstance(error, ReelgateError) else f"unexpected {type(error).__name__}: {error}"[:500]
