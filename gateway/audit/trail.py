"""Write to the audit trail, and read it as a chain of signed hashes.

An event is written in the transaction of the change, so that neither exists without the other. Each row's hash covers
its columns and the previous row's hash; a changed, removed or inserted row breaks the chain from there on. The hash is
signed with a key that is not in the database, so even its owner can append nothing. `gateway.audit.check` checks the
chain, `gateway.audit.checkpoints` signs its end.

Recordings that an event concerns besides its subject are named in its details as `recording_id` or `recording_ids`.
They are indexed here, so that a recording's chain of custody finds the event.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from gateway.audit.tags import AuditTag
from gateway.core.trail import FIRST_HASH, Link, SignatureState
from gateway.db import locks
from gateway.db.columns import utc_now
from gateway.db.database import Database, notary_of
from gateway.db.locks import Lock
from gateway.db.models import AuditEvent
from gateway.db.repositories import audit_chain
from gateway.keys.signing import verify

# Rows per batch: a few MB, and short read transactions.
_BATCH: Final = 5000
# Prefix of the signed message, so that a signature is valid for one kind of message only.
_CONTEXT: Final = b"reelgate audit event v1\n"
_COVERED: Final = ("at", "tag", "actor_id", "actor_name", "address", "subject_id", "details", "previous_hash")


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
    locks.acquire(session, Lock.AUDIT_TRAIL)
    last = audit_chain.head(session)
    event = AuditEvent(
        at=utc_now(),
        tag=tag.value,
        actor_id=actor.user_id,
        actor_name=actor.name,
        address=actor.address,
        subject_id=subject_id,
        details=details,
        previous_hash=last[1] if last else FIRST_HASH,
        hash="",
        key_id="",
        signature="",
    )
    event.hash = event_hash({name: getattr(event, name) for name in _COVERED})
    event.key_id, signature = notary_of(session).sign(_signed(event.hash))
    event.signature = base64.b64encode(signature).decode()
    session.add(event)
    session.flush()
    _index_mentions(session, event)
    return event


def event_hash(columns: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) over an event's columns except `id` and `hash`, as canonical JSON."""
    covered = {name: columns[name] for name in _COVERED} | {"at": columns["at"].isoformat()}
    return hashlib.sha256(json.dumps(covered, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def links(database: Database, after_event_id: int = 0) -> Iterator[Link]:
    """Return the trail's links after an event, in order, in batches: memory and transactions stay small."""
    while True:
        with database.read() as session:
            batch = _batch(session, after_event_id)
        yield from batch
        if len(batch) < _BATCH:
            return
        after_event_id = batch[-1].event_id


def _batch(session: Session, after_event_id: int) -> list[Link]:
    rows = audit_chain.rows_after(session, after_event_id, _BATCH)
    keys = notary_of(session).public_keys()
    return [
        Link(
            row["id"],
            row["at"],
            row["previous_hash"],
            row["hash"],
            event_hash(row),
            _signature_state(row, keys),
        )
        for row in rows
    ]


def is_authentic(session: Session, event: AuditEvent) -> bool:
    """Whether this site wrote the event unchanged. Only the chain shows whether other events are missing."""
    columns = event.model_dump()
    is_signed = _signature_state(columns, notary_of(session).public_keys()) is SignatureState.GOOD
    return is_signed and event.hash == event_hash(columns)


def _signature_state(columns: Mapping[str, Any], keys: Mapping[str, bytes]) -> SignatureState:
    key = keys.get(columns["key_id"])
    if key is None:
        return SignatureState.UNKNOWN
    try:
        signature = base64.b64decode(columns["signature"], validate=True)
    except ValueError:
        return SignatureState.WRONG
    return SignatureState.GOOD if verify(key, _signed(columns["hash"]), signature) else SignatureState.WRONG


def _signed(event_hash: str) -> bytes:
    return _CONTEXT + event_hash.encode()


def _index_mentions(session: Session, event: AuditEvent) -> None:
    named = {event.details.get("recording_id"), *event.details.get("recording_ids", ())} - {None, event.subject_id}
    audit_chain.add_mentions(session, event.id, sorted(named))
