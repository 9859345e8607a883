"""Discrepancies found by reconciling: claims that do not match the bytes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.reconcile import DiscrepancyKind
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class Discrepancy(SQLModel, table=True):
    """One discrepancy. It stays open until it is repaired from a good copy or no longer found."""

    __tablename__ = "discrepancies"

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str | None = Field(default=None, foreign_key="recordings.id", index=True)
    kind: DiscrepancyKind = Field(sa_type=enum_column(DiscrepancyKind))
    name: str
    detail: str = ""
    found_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    repaired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
