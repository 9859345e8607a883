"""Targets: machines that operators may open."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.policy.recording import RecordingPolicy
from gateway.core.policy.retention import RiskClass
from gateway.db.columns import JsonColumn, UtcDateTime, enum_column, new_id, utc_now


class Target(SQLModel, table=True):
    """A machine with protocol, address and guacd parameters. Secrets are in `credentials`.

    `record_keys` False leaves key events out of the recording. `index_text` False keeps the text of its recordings out of
    the database, so that it cannot be searched. `target_group` is any word; retention policies refer to it.
    """

    __tablename__ = "targets"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, index=True)
    protocol: str
    host: str
    port: int
    parameters: dict[str, str] = Field(default_factory=dict, sa_type=JsonColumn)
    record_keys: bool = True
    recording_policy: RecordingPolicy = Field(default=RecordingPolicy.STRICT, sa_type=enum_column(RecordingPolicy))
    index_text: bool = True
    target_group: str = ""
    risk_class: RiskClass = Field(default=RiskClass.STANDARD, sa_type=enum_column(RiskClass))
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
