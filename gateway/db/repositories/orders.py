"""Queries on orders: what there is to do, and who may do it.

Callers: `gateway.orders` and the API (rows), `workers.orders` (leases). As for stages, a row is owned by the worker that
leased it, and may be taken by another when the lease has run out.
"""

from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select, update

from gateway.core.errors import NotFoundError
from gateway.core.jobs import UNFINISHED, WorkState
from gateway.core.order import OrderKind
from gateway.db.models import Order


def get(session: Session, order_id: str, *, lock: bool = False) -> Order:
    """The order; `lock` keeps it from other writers to the end of the transaction. Raises NotFoundError."""
    query = select(Order).where(Order.id == order_id)
    order = session.exec(query.with_for_update() if lock else query).one_or_none()
    if order is None:
        raise NotFoundError(f"there is no order {order_id}")
    return order


def unfinished(session: Session, kind: OrderKind, recording_id: str | None) -> Order | None:
    """The oldest order of this kind about this recording that is not done yet, or None."""
    query = (
        select(Order)
        .where(Order.kind == kind, Order.recording_id == recording_id, col(Order.state).in_(UNFINISHED))
        .order_by(col(Order.asked_at))
    )
    return session.exec(query).first()


def newest(session: Session, kind: OrderKind, recording_id: str | None) -> Order | None:
    """The newest order of this kind about this recording, or None."""
    query = (
        select(Order).where(Order.kind == kind, Order.recording_id == recording_id).order_by(col(Order.asked_at).desc())
    )
    return session.exec(query).first()


def due(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of orders that could be run now and are in nobody's hands, oldest first."""
    waiting = and_(
        col(Order.state) == WorkState.PENDING, or_(col(Order.not_before_at).is_(None), col(Order.not_before_at) <= now)
    )
    lost = and_(col(Order.state) == WorkState.RUNNING, col(Order.lease_until_at) <= now)
    query = select(Order.id).where(or_(waiting, lost)).order_by(col(Order.asked_at)).limit(limit)
    return list(session.exec(query))


def running(session: Session) -> list[Order]:
    """All orders in some worker's hands."""
    return list(session.exec(select(Order).where(Order.state == WorkState.RUNNING)))


def is_ready(order: Order, now: datetime) -> bool:
    """Whether it can be taken now: it waits and it is its time, or its worker is gone."""
    if order.state not in UNFINISHED:
        return False
    due_at = order.lease_until_at if order.state is WorkState.RUNNING else order.not_before_at
    return due_at is None or due_at <= now


def held(session: Session, order_id: str, owner: str) -> Order | None:
    """The running order, locked, or None when it is not `owner`'s any more."""
    order = get(session, order_id, lock=True)
    return order if order.state is WorkState.RUNNING and order.lease_owner == owner else None


def renew(session: Session, order_id: str, owner: str, until: datetime, progress: float) -> bool:
    """Hold on to a running order and say how far it is (0..1); False when it is not `owner`'s any more."""
    return _change(session, order_id, owner, lease_until_at=until, progress=progress)


def end_lease(session: Session, order_id: str, owner: str, now: datetime) -> bool:
    """Let a running order be taken at once, because its owner is known to be gone; False when it had changed hands."""
    return _change(session, order_id, owner, lease_until_at=now)


def _change(session: Session, order_id: str, owner: str, **values: object) -> bool:
    changed = session.connection().execute(
        update(Order)
        .where(col(Order.id) == order_id, col(Order.lease_owner) == owner, col(Order.state) == WorkState.RUNNING)
        .values(**values)
    )
    return changed.rowcount == 1
