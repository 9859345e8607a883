"""Intervals known not to be recorded."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from gateway.core.recording.states import GapCause
from gateway.db.columns import enum_column, new_id


class Gap(SQLModel, table=True):
    """Bounds in milliseconds from the recording's first sync; `end_ms` is None if the end is not known."""

    __tablename__ = "gaps"

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    start_ms: int = Field(sa_type=BigInteger)
    end_ms: int | None = Field(default=None, sa_type=BigInteger)
    cause: GapCause = Field(sa_type=enum_column(GapCause))
    detail: str = ""
