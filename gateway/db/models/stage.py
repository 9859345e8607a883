"""Stage rows: what drives the pipeline."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.core.jobs import StageName, WorkState
from gateway.db.columns import UtcDateTime, enum_column, new_id


class Stage(SQLModel, table=True):
    """One step of one recording. A worker owns a running stage until `lease_until_at`; after that it may be retaken."""

    __tablename__ = "stages"
    __table_args__ = (UniqueConstraint("recording_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    name: StageName = Field(sa_type=enum_column(StageName))
    state: WorkState = Field(default=WorkState.PENDING, index=True, sa_type=enum_column(WorkState))
    progress: float = 0.0
    attempt_count: int = 0
    error: str | None = None
    not_before_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = None
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
