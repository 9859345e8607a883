"""Retention policies: how long recordings are kept, and when they must go."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.policy.retention import RiskClass
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class RetentionPolicy(SQLModel, table=True):
    """Applies to recordings that fit all of target, group and risk class that are set; the most specific one wins.

    `hot_days` on hot disk (None: as set for the installation), at least `retain_for_days` altogether (nothing may purge before), purged `delete_after_days`
    after the session's end (None: never by itself). `object_lock`: archived objects are locked until they may go.
    The one without any condition is the default, and always there.
    """

    __tablename__ = "retention_policies"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, index=True)
    target_id: str | None = Field(default=None, foreign_key="targets.id", index=True)
    target_group: str | None = None
    risk_class: RiskClass | None = Field(default=None, sa_type=enum_column(RiskClass))
    hot_days: float | None = None
    retain_for_days: float
    delete_after_days: float | None = None
    object_lock: bool = False
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
