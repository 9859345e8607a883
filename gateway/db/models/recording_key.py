"""Wrapped data keys of recordings."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class RecordingKey(SQLModel, table=True):
    """The key that encrypts a recording's files (base64), wrapped by master key `master_key_id`.

    Every recording has a row, even after a purge, which empties `wrapped_key`; the row records when.
    """

    __tablename__ = "recording_keys"

    recording_id: str = Field(foreign_key="recordings.id", primary_key=True)
    master_key_id: str = Field(index=True)
    wrapped_key: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    destroyed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
