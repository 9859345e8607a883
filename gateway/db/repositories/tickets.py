"""Queries on tickets: one-time, short-lived grants to open a tunnel.

Only the SHA-256 of a ticket is kept.
"""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, delete, update

from gateway.db.columns import utc_now
from gateway.db.lifetime import alive, is_alive
from gateway.db.models import Ticket

# 256 bits: cannot be guessed while a ticket is valid.
_TOKEN_BYTES: Final = 32
# Used and expired tickets are kept this long, so that a refusal can say which it was.
_KEPT: Final = timedelta(days=1)


class TicketFault(StrEnum):
    """Why a ticket was not accepted."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    OTHER_USER = "other_user"
    OTHER_ADDRESS = "other_address"


def issue(session: Session, *, user_id: str, target_id: str, address: str, life_seconds: float) -> tuple[str, Ticket]:
    """Issue a ticket; return its token, which is shown once, and its row."""
    now = utc_now()
    session.exec(delete(Ticket).where(col(Ticket.expires_at) < now - _KEPT))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    ticket = Ticket(
        token_hash=_hash(token),
        user_id=user_id,
        target_id=target_id,
        address=address,
        created_at=now,
        expires_at=now + timedelta(seconds=life_seconds),
    )
    session.add(ticket)
    return token, ticket


def redeem(session: Session, token: str, *, user_id: str, address: str) -> Ticket | TicketFault:
    """Use up a ticket, in one statement, so that only one of two concurrent attempts succeeds.

    A wrong user or address does not use it up: whoever only saw a ticket cannot spoil it either.
    """
    now = utc_now()
    redeemed = session.exec(
        update(Ticket)
        .where(
            col(Ticket.token_hash) == _hash(token),
            col(Ticket.redeemed_at).is_(None),
            alive(col(Ticket.created_at), col(Ticket.expires_at), now),
            col(Ticket.user_id) == user_id,
            col(Ticket.address) == address,
        )
        .values(redeemed_at=now)
    )
    ticket = session.get(Ticket, _hash(token))
    if ticket is not None and redeemed.rowcount == 1:
        return ticket
    if ticket is None:
        return TicketFault.UNKNOWN
    if ticket.user_id != user_id:
        return TicketFault.OTHER_USER
    if ticket.redeemed_at is not None:
        return TicketFault.USED
    is_good = is_alive(ticket.created_at, ticket.expires_at, now)
    return TicketFault.OTHER_ADDRESS if is_good else TicketFault.EXPIRED


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
