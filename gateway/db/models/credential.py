"""Secrets used at targets, encrypted."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, new_id, utc_now


class Credential(SQLModel, table=True):
    """What the gateway signs in with at a target. Only `gateway.targets.credentials` decrypts `encrypted_secret`."""

    __tablename__ = "credentials"

    id: str = Field(default_factory=new_id, primary_key=True)
    target_id: str = Field(foreign_key="targets.id", unique=True, index=True)
    username: str = ""
    encrypted_secret: str
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
