"""The audit trail's rows."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from gateway.db.columns import BigKey, JsonColumn, UtcDateTime


class AuditEvent(SQLModel, table=True):
    """Append-only. `hash` covers the row's facts and the hash of the row before (`gateway.audit.trail`).

    `signature` (base64, Ed25519) is over `hash`, by the site's key `key_id`: nobody can make a row with the database alone.
    """

    __tablename__ = "audit_events"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    tag: str = Field(index=True)
    actor_id: str | None = Field(default=None, index=True)
    actor_name: str
    address: str = ""
    subject_id: str | None = Field(default=None, index=True)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    previous_hash: str
    hash: str
    key_id: str
    signature: str
