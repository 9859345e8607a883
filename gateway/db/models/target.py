"""Machines that may be reached."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import JsonColumn, UtcDateTime, new_id, utc_now


class Target(SQLModel, table=True):
    """A machine with protocol, address and guacd parameters (never secrets: those are in `credentials`).

    `record_keys` is the policy on key events: False leaves them out of the recording.
    """

    __tablename__ = "targets"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, index=True)
    protocol: str
    host: str
    port: int
    parameters: dict[str, str] = Field(default_factory=dict, sa_type=JsonColumn)
    record_keys: bool = True
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
