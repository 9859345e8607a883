"""Holds: recordings that must not be purged, and why."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, new_id, utc_now


class Hold(SQLModel, table=True):
    """Forbids purging a recording until released. Rows are released, never deleted."""

    __tablename__ = "holds"

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    reason: str
    case_number: str = Field(default="", index=True)
    owner_id: str = Field(foreign_key="users.id")
    owner_name: str
    placed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    released_by_name: str = ""
    release_reason: str = ""
