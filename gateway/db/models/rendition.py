"""Derived, rebuildable files of a recording."""

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, new_id, utc_now


class Rendition(SQLModel, table=True):
    """`name` is that of `gateway.core.recording.layout`; `engine` is the program that made it, with its version.

    `run_id` is the stage run that made it; each run makes a new `id`. `start_byte` and `end_byte` bound the part of the
    original it was made from. `stored_*` as in `Segment`.
    """

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("recording_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    name: str
    size_bytes: int = Field(sa_type=BigInteger)
    sha256: str
    engine: str
    run_id: str = ""
    start_byte: int = Field(default=0, sa_type=BigInteger)
    end_byte: int | None = Field(default=None, sa_type=BigInteger)
    stored_bytes: int = Field(sa_type=BigInteger)
    stored_sha256: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
