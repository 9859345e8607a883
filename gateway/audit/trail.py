"""Writing to the audit trail, and checking it.

Callers: whoever changes or shows something, inside its own writing transaction, so that fact and event stand or fall
together. Each row's hash covers its columns and the hash of the row before; a changed, removed or inserted row breaks
the chain from there on.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import Session, col, select

from gateway.audit.tags import AuditTag
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent

FIRST_HASH: Final = "0" * 64
# Any constant will do: PostgreSQL advisory locks are named by number. Held to the end of the transaction.
_CHAIN_LOCK: Final = 0x5265656C


@dataclass(frozen=True)
class Actor:
    """Who did it: a user, or a part of Reelgate itself (`user_id` None, `name` like "worker")."""

    name: str
    user_id: str | None = None
    address: str = ""


def record(
    session: Session, tag: AuditTag, actor: Actor, *, subject_id: str | None = None, **details: Any
) -> AuditEvent:
    """Append one event in the caller's writing transaction. `details` must be JSON values without secrets."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = session.exec(select(AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)).first()
    event = AuditEvent(
        at=utc_now(),
        tag=tag.value,
        actor_id=actor.user_id,
        actor_name=actor.name,
        address=actor.address,
        subject_id=subject_id,
        details=details,
        previous_hash=last or FIRST_HASH,
        hash="",
    )
    event.hash = event_hash(event)
    session.add(event)
    session.flush()
    return event


def event_hash(event: AuditEvent) -> str:
    """SHA-256 (hex) over the event's columns but `id` and `hash`, as canonical JSON."""
    covered = event.model_dump(exclude={"id", "hash", "at"}) | {"at": event.at.isoformat()}
    return hashlib.sha256(json.dumps(covered, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def first_broken(session: Session) -> int | None:
    """Id of the first event that does not fit its chain, or None when the whole trail is sound."""
    previous = FIRST_HASH
    for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id))):
        if event.previous_hash != previous or event.hash != event_hash(event):
            return event.id
        previous = event.hash
    return None
