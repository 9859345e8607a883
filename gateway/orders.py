"""Place orders: work that outlives the request (`gateway.core.order`).

The row is the order; the job sent after commit is a nudge.
"""

from functools import partial
from typing import Any, Final

from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.jobs import ORDER_RUN, Priority
from gateway.core.order import OrderKind
from gateway.db.database import after_commit
from gateway.db.models import Order
from gateway.db.repositories import orders, recordings
from gateway.pipeline import SendJob

# Takes long, and nobody's session waits for it.
_BULK: Final = frozenset({OrderKind.EXPORT, OrderKind.WATCH})


def place(
    session: Session,
    kind: OrderKind,
    actor: Actor,
    send_job: SendJob,
    *,
    recording_id: str | None = None,
    **parameters: Any,
) -> Order:
    """Add an order in the caller's write transaction; the caller also writes the audit event.

    An unfinished identical order about the same recording is returned instead. Raises GoneError for a recording that is
    purged or being purged.
    """
    if recording_id is not None and kind is not OrderKind.PURGE:
        recordings.refuse_purged(recordings.get(session, recording_id, lock=True))
    unfinished = orders.unfinished(session, kind, recording_id)
    if unfinished is not None and unfinished.parameters == parameters:
        return unfinished
    order = Order(
        kind=kind,
        recording_id=recording_id,
        parameters=parameters,
        priority=Priority.BULK if kind in _BULK else Priority.NORMAL,
        asked_by=actor.user_id,
        asked_by_name=actor.name,
    )
    session.add(order)
    session.flush()
    after_commit(session, partial(send_job, ORDER_RUN, order.id))
    return order
