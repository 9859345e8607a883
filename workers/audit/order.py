"""The order kind `audit_check`: the whole trail is followed. Caller: `workers.orders.runner`."""

from sqlmodel import Session

from gateway.audit.check import check
from gateway.db.repositories import orders
from workers.orders.work import OrderWork
from workers.work import Publish


def run(work: OrderWork) -> Publish:
    """Follow it from the first event on; what was found is a row of its own."""
    context = work.context
    found = check(
        context.database,
        context.keys.signer(),
        work.order.asked_by_name,
        heads=context.audit_heads,
        progress=lambda done, total: work.progress(done / total),
    )

    def publish(session: Session) -> None:
        row = orders.get(session, work.order.id)
        row.result = {"event_count": found.event_count, "sound": found.broken_kind is None}
        session.add(row)

    return publish
