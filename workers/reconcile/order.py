"""The order kind `reconcile`."""

from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.order import OrderKind
from gateway.db.models import Order
from gateway.db.repositories import orders
from gateway.orders import place
from gateway.pipeline import SendJob
from workers.orders.work import OrderWork
from workers.reconcile.work import reconcile
from workers.work import Publish


def place_reconcile(session: Session, actor: Actor, send_job: SendJob, *, deep: bool, repair: bool = True) -> Order:
    """Return the order, or an identical one that is not done yet."""
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
