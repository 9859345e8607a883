"""Retention policies: how long recordings are kept, and when they must go."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.policy.retention import RiskClass
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class RetentionPolicy(SQLModel, table=True):
    """Applies to recordings that match all of its conditions (target, group, risk class); the most specific policy wins.

    All days count from the session's end. `hot_days`: kept on hot disk (None: the setting's value). `retain_for_days`: must
    not be purged before. `delete_after_days`: purged after (None: never automatically). `object_lock`: archived objects are
    locked for as long as they must be kept. The policy without conditions is the default and always exists.
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
