"""Columns of stages and tasks: rows that are queued, run by one worker at a time, and end done or failed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.work import Priority, WorkState
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class Leased(SQLModel):
    """Work whose state is its row.

    `requested_at` is when it was queued: with equal `priority` the oldest runs first. A worker owns a running row until
    `lease_until_at`; after that another may take it over.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    state: WorkState = Field(default=WorkState.PENDING, index=True, sa_type=enum_column(WorkState))
    priority: int = Priority.NORMAL
    requested_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    progress: float = 0.0
    attempt_count: int = 0
    error: str | None = None
    not_before_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = None
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
