"""Queries on orders. What is due, and in which order, is in `gateway.db.repositories.queue`."""

from sqlmodel import Session, col, select

from gateway.core.errors import NotFoundError
from gateway.core.order import OrderKind
from gateway.core.work import UNFINISHED
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
