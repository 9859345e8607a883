"""The order kind `reconcile`. Callers: `workers.orders.runner`; the timer job and the command place it."""

from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.order import OrderKind
from gateway.db.models import Order
from gateway.db.repositories import orders
from gateway.work.orders import place
from gateway.work.stages import SendJob
from workers.orders.work import OrderWork
from workers.reconcile.work import reconcile
from workers.running.work import Publish


def place_reconcile(session: Session, actor: Actor, send_job: SendJob, *, deep: bool, repair: bool = True) -> Order:
    """The order, or the same one that is not done yet."""
    return place(session, OrderKind.RECONCILE, actor, send_job, deep=deep, repair=repair)


def run(work: OrderWork) -> Publish:
    """Reconcile; the report becomes the order's result."""
    wanted = work.order.parameters
    report = reconcile(
        work.context,
        deep=bool(wanted.get("deep")),
        may_repair=bool(wanted.get("repair", True)),
        progress=work.progress,
    )

    def publish(session: Session) -> None:
        row = orders.get(session, work.order.id)
        row.result = report.to_json()
        session.add(row)

    return publish
