"""Queries on sessions and the recordings they leave, for the tunnel and its recovery."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from gateway.core.session import SessionState
from gateway.db.models import AccessSession, GatewayNode, Recording


def is_target_in_use(session: Session, target_id: str) -> bool:
    """Whether a session on the target is not closed yet."""
    query = select(AccessSession.id).where(
        AccessSession.target_id == target_id, AccessSession.state != SessionState.CLOSED
    )
    return session.exec(query.limit(1)).first() is not None


def state_counts(session: Session) -> dict[SessionState, int]:
    """Count the sessions in each state except closed, including zeros."""
    query = select(AccessSession.state, func.count()).where(AccessSession.state != SessionState.CLOSED)
    found = dict(session.exec(query.group_by(AccessSession.state)).all())
    return {state: found.get(state, 0) for state in SessionState if state is not SessionState.CLOSED}


def with_recording(session: Session, session_id: str) -> tuple[AccessSession, Recording]:
    """Return a session and its recording, locked to the end of the transaction."""
    query = (
        select(AccessSession, Recording)
        .join(Recording, col(Recording.session_id) == col(AccessSession.id))
        .where(AccessSession.id == session_id)
        .with_for_update()
    )
    return session.exec(query).one()


def find(session: Session, session_id: str) -> AccessSession | None:
    """Return the session of that id."""
    return session.get(AccessSession, session_id)


def set_locked(session: Session, session_id: str, *, locked: bool) -> None:
    """Record whether a session's input is locked."""
    row = session.get_one(AccessSession, session_id)
    row.is_locked = locked
    session.add(row)


def unclosed_of(session: Session, gateway_id: str) -> list[tuple[AccessSession, Recording]]:
    """Return the sessions of a gateway that are not closed, with their recordings."""
    query = (
        select(AccessSession, Recording)
        .join(Recording, col(Recording.session_id) == col(AccessSession.id))
        .where(AccessSession.gateway_id == gateway_id, AccessSession.state != SessionState.CLOSED)
    )
    return list(session.exec(query))


def beat(session: Session, gateway_id: str, *, started_at: datetime, now: datetime) -> None:
    """Record that a gateway is alive."""
    node = session.get(GatewayNode, gateway_id) or GatewayNode(id=gateway_id)
    node.started_at, node.heartbeat_at = started_at, now
    session.add(node)


def lost_gateways(session: Session, silent_since: datetime) -> list[GatewayNode]:
    """Return gateways without a heartbeat since then that left sessions open."""
    query = (
        select(GatewayNode)
        .where(GatewayNode.heartbeat_at < silent_since)
        .where(
            select(AccessSession.id)
            .where(AccessSession.gateway_id == GatewayNode.id, AccessSession.state != SessionState.CLOSED)
            .exists()
        )
        .order_by(col(GatewayNode.id))
    )
    return list(session.exec(query))
