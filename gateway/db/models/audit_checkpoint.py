"""Signed heads of the audit trail, so that a trail cut short does not pass for a whole one."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class AuditCheckpoint(SQLModel, table=True):
    """At `at` the trail ended with event `event_id`, whose hash was `hash`; `signature` (base64, Ed25519) says so."""

    __tablename__ = "audit_checkpoints"

    event_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hash: str
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    key_id: str
    signature: str
