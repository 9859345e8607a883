"""Purges of recordings, and what remains of purged ones."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from gateway.core.policy.retention import PurgeState
from gateway.db.columns import JsonColumn, UtcDateTime, enum_column, new_id, utc_now


class Purge(SQLModel, table=True):
    """One purge of one recording: marked with a grace period, then carried out, or cancelled before.

    `waiting_for` says why a due purge has not begun. `inventory` lists everything there was, written before the first byte
    was deleted (`began_at`); `ended_*` say who cancelled it and why.
    """

    __tablename__ = "purges"

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    state: PurgeState = Field(default=PurgeState.MARKED, index=True, sa_type=enum_column(PurgeState))
    reason: str
    marked_by: str | None = Field(default=None, foreign_key="users.id")
    marked_by_name: str
    marked_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    waiting_for: str = ""
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    inventory: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by_name: str = ""
    end_reason: str = ""


class Tombstone(SQLModel, table=True):
    """Records that a recording's bytes are gone: their names, sizes and digests, and the signed certificate."""

    __tablename__ = "tombstones"

    recording_id: str = Field(foreign_key="recordings.id", primary_key=True)
    purged_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    files: list[Any] = Field(default_factory=list, sa_type=JsonColumn)
    certificate: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
