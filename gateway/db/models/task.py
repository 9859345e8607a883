"""Tasks: work requested by people and timers."""

from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from gateway.core.work import TaskKind
from gateway.db.columns import JsonColumn, enum_column
from gateway.db.models.leased import Leased


class Task(Leased, table=True):
    """`parameters` are the details of the request; `result` is the outcome."""

    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_requested_at", "requested_at"),)

    kind: TaskKind = Field(sa_type=enum_column(TaskKind), index=True)
    recording_id: str | None = Field(default=None, foreign_key="recordings.id", index=True)
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    requested_by: str | None = Field(default=None, foreign_key="users.id")
    requested_by_name: str
