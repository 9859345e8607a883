"""Results of verifications of recordings."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from gateway.core.evidence import Soundness
from gateway.db.columns import JsonColumn, UtcDateTime, enum_column, new_id, utc_now


class Verification(SQLModel, table=True):
    """`faults` is a list of dictionaries with file, bytes and text. `facts` says how much was checked."""

    __tablename__ = "verifications"

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    requested_by: str = ""
    outcome: Soundness = Field(sa_type=enum_column(Soundness))
    faults: list[Any] = Field(default_factory=list, sa_type=JsonColumn)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
