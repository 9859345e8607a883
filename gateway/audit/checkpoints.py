"""Signed heads of the audit trail: a trail that was truncated or recomputed no longer matches them.

The timer and `reelgate audit verify` write one after the events they found sound. `reelgate audit head` prints the
newest, to be stored where nobody who can reach this machine can change it.

The signed message is `CONTEXT` and, as canonical JSON, the event's id and hash, the time and the key's id.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from gateway.core.errors import InvalidInputError
from gateway.core.trail import Claim
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AuditCheckpoint, SigningKey
from gateway.db.repositories import audit_chain
from gateway.keys.signing import Signer, verify
from gateway.keys.site import public_keys

CONTEXT: Final = b"reelgate audit checkpoint v1\n"
_BATCH: Final = 5000
# Larger than any checkpoint file; bounds what is read of a wrong one.
_MAX_FILE_BYTES: Final = 64 * 1024


@dataclass(frozen=True)
class KeptCheckpoint:
    """A checkpoint as stored elsewhere, with the public key (base64) that signed it."""

    event_id: int
    hash: str
    at: datetime
    key_id: str
    public_key: str
    signature: str

    def fields(self) -> dict[str, Any]:
        """Return plain values."""
        return vars(self) | {"at": self.at.isoformat()}

    def to_json(self) -> str:
        """Return one JSON object; `read_kept` reads it."""
        return json.dumps(self.fields(), indent=1)

    def raw_key(self) -> bytes:
        """The raw public key it names."""
        return base64.b64decode(self.public_key)

    def claim(self) -> Claim:
        """Return its claim, and whether its signature is valid for the key it names."""
        message = signed_message(self.event_id, self.hash, self.at, self.key_id)
        signed = verify(base64.b64decode(self.public_key), message, base64.b64decode(self.signature))
        return Claim(self.event_id, self.at, self.hash, signed)


def write(session: Session, signer: Signer, event_id: int, event_hash: str) -> AuditCheckpoint | None:
    """Sign that the trail ends with this event; None if it is signed already, or there is no event."""
    if event_id == 0 or session.get(AuditCheckpoint, event_id) is not None:
        return None
    at = utc_now()
    signature = signer.sign(signed_message(event_id, event_hash, at, signer.key_id))
    row = AuditCheckpoint(
        event_id=event_id,
        hash=event_hash,
        at=at,
        key_id=signer.key_id,
        signature=base64.b64encode(signature).decode(),
    )
    session.add(row)
    session.flush()
    return row


def to_keep(session: Session) -> KeptCheckpoint | None:
    """Return the newest checkpoint with its public key."""
    row = audit_chain.newest_checkpoint(session)
    key = session.get(SigningKey, row.key_id) if row else None
    if row is None or key is None:
        return None
    return KeptCheckpoint(row.event_id, row.hash, row.at, row.key_id, key.public_key, row.signature)


def read_kept(path: Path) -> KeptCheckpoint:
    """Read a checkpoint printed by `reelgate audit head`. Raises InvalidInputError."""
    try:
        with path.open("rb") as file:
            kept = parse_kept(file.read(_MAX_FILE_BYTES))
    except (OSError, InvalidInputError) as error:
        raise InvalidInputError(f"{path} is not a checkpoint printed by `reelgate audit head`") from error
    if not kept.claim().is_signed:
        raise InvalidInputError(f"the signature in {path} does not match its content: the file was altered")
    return kept


def parse_kept(data: bytes) -> KeptCheckpoint:
    """Parse the output of `KeptCheckpoint.to_json`, whoever signed it. Raises InvalidInputError."""
    try:
        found = json.loads(data)
        kept = KeptCheckpoint(**found | {"at": datetime.fromisoformat(found["at"])})
        kept.claim()
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInputError("not a checkpoint of an audit trail") from error
    return kept


def claims(database: Database, after_event_id: int = 0) -> Iterator[Claim]:
    """Return all checkpoints after an event as claims, in order, with their signatures checked."""
    with database.read() as session:
        keys = public_keys(session)
        last = audit_chain.newest_checkpoint(session)
    # Those there are now: whoever reads the events after this sees at least what they are about.
    end = last.event_id if last else after_event_id
    while True:
        with database.read() as session:
            rows = audit_chain.checkpoints_after(session, after_event_id, end, _BATCH)
        for row in rows:
            yield Claim(row.event_id, row.at, row.hash, _is_signed(row, keys))
        if len(rows) < _BATCH:
            return
        after_event_id = rows[-1].event_id


def _is_signed(row: AuditCheckpoint, keys: Mapping[str, bytes]) -> bool:
    key = keys.get(row.key_id)
    try:
        signature = base64.b64decode(row.signature, validate=True)
    except ValueError:
        return False
    return key is not None and verify(key, signed_message(row.event_id, row.hash, row.at, row.key_id), signature)


def signed_message(event_id: int, event_hash: str, at: datetime, key_id: str) -> bytes:
    """Return the message a checkpoint signs."""
    signed: dict[str, Any] = {"event_id": event_id, "hash": event_hash, "at": at.isoformat(), "key_id": key_id}
    return CONTEXT + json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()
