"""Running one order, driven by its row.

As with stages, any process may be killed at any point, so a runner must find what an earlier run has done already.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from gateway.core.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.core.order import OrderKind
from gateway.db.models import Order
from gateway.db.repositories import orders, recordings
from workers.audit.order import run as run_audit_check
from workers.export.runner import run as run_export
from workers.orders.work import OrderRunner, OrderWork
from workers.purge.order import run as run_purge
from workers.reconcile.order import run as run_reconcile
from workers.restore.work import run as run_restore
from workers.running.engine import Attempt, Kind, Outcome, attempt, fail
from workers.running.work import Publish, WorkerContext
from workers.verify.order import run as run_verify
from workers.watch.backlog import run as run_watch

RUNNERS: Final[Mapping[OrderKind, OrderRunner]] = {
    OrderKind.VERIFY: run_verify,
    OrderKind.PURGE: run_purge,
    OrderKind.RESTORE: run_restore,
    OrderKind.RECONCILE: run_reconcile,
    OrderKind.AUDIT_CHECK: run_audit_check,
    OrderKind.EXPORT: run_export,
    OrderKind.WATCH: run_watch,
}


def run_order(context: WorkerContext, order_id: str, runners: Mapping[OrderKind, OrderRunner] = RUNNERS) -> bool:
    """Run the order if it is due and in nobody's hands; whether it is done now."""
    return attempt_order(context, order_id, runners) is Outcome.DONE


def attempt_order(context: WorkerContext, order_id: str, runners: Mapping[OrderKind, OrderRunner] = RUNNERS) -> Outcome:
    """Run the order once, if it is due."""
    return attempt(context, _kind(runners), lambda session: orders.get(session, order_id, lock=True))


def _kind(runners: Mapping[OrderKind, OrderRunner]) -> Kind[Order]:
    return Kind(
        noun="order",
        model=Order,
        hopeless=(InvalidInputError, ConflictError, NotFoundError),
        log_fields=_log_fields,
        scratch_root=_data_folder,
        reload=_reload,
        run=partial(_run, runners),
        give_up=_give_up,
    )


def _run(runners: Mapping[OrderKind, OrderRunner], this: Attempt[Order]) -> Publish:
    context, order = this.context, this.row
    recording = None
    if order.recording_id is not None:
        with context.database.read() as session:
            recording = recordings.get(session, order.recording_id)
    return runners[order.kind](OrderWork(context, order, recording, this.scratch, this.progress))


def _reload(session: Session, order: Order) -> Order:
    return orders.get(session, order.id, lock=True)


def _give_up(session: Session, order: Order, error: str) -> None:
    fail(order, error)
    session.add(order)


def _log_fields(order: Order) -> dict[str, Any]:
    return {"order_id": order.id, "kind": order.kind, "recording_id": order.recording_id}


def _data_folder(context: WorkerContext) -> Path:
    return context.settings.data_dir
