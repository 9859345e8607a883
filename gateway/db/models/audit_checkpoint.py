"""Signed heads of the audit trail, so that a truncated trail is not taken for a complete one."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class AuditCheckpoint(SQLModel, table=True):
    """The trail ended with event `event_id` at `at`; `signature` (base64, Ed25519) is over its `hash`."""

    __tablename__ = "audit_checkpoints"

    event_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hash: str
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    key_id: str
    signature: str
