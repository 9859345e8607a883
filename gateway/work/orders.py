"""Placing orders: work that outlives the request that asked for it (`gateway.core.order`).

Callers: the API's routes, commands, timers. The row is the order; the job that leaves after commit is a nudge.
"""

from functools import partial
from typing import Any, Final

from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.order import OrderKind
from gateway.core.work import ORDER_RUN, Priority
from gateway.db.database import after_commit
from gateway.db.models import Order
from gateway.db.repositories import orders, recordings
from gateway.work.stages import SendJob

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
    """Add an order in the caller's writing transaction, who also writes the audit event.

    The same order about the same recording that is not done yet is returned instead of a second one. Raises GoneError
    for a recording that is purged, or being purged: nothing else is done about it any more.
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
