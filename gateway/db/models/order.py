"""Orders: work asked for by people and timers, driven by its row like a stage."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from gateway.core.jobs import WorkState
from gateway.core.order import OrderKind
from gateway.db.columns import JsonColumn, UtcDateTime, enum_column, new_id, utc_now


class Order(SQLModel, table=True):
    """`parameters` say what exactly is wanted, `result` what came of it. A worker owns it until `lease_until_at`."""

    __tablename__ = "orders"

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: OrderKind = Field(sa_type=enum_column(OrderKind), index=True)
    recording_id: str | None = Field(default=None, foreign_key="recordings.id", index=True)
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    asked_by: str | None = Field(default=None, foreign_key="users.id")
    asked_by_name: str
    asked_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    state: WorkState = Field(default=WorkState.PENDING, index=True, sa_type=enum_column(WorkState))
    progress: float = 0.0
    attempt_count: int = 0
    error: str | None = None
    not_before_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = None
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
