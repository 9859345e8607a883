"""Recordings: the evidence of one session."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from gateway.core.policy.retention import RiskClass
from gateway.core.recording.kinds import DESKTOP
from gateway.core.recording.states import RecordingSource, RecordingState, Tier
from gateway.db.columns import JsonColumn, KindColumn, UtcDateTime, enum_column, new_id, utc_now


class Recording(SQLModel, table=True):
    """The evidence of one session or import. Names are those at the time of the session.

    - `folder` is relative to the data folder (`gateway.core.recording.layout`).
    - `digest` is the SHA-256 (hex) of the whole original, its segments joined.
    - `is_shown`: whether the original contains anything to show (None: not sealed yet).
    - `started_at` and `closed_at` are when the session began and ended; `is_start_guessed`: the start of an import, taken
      from the date of its file. `imported_at` is when it was imported.
    - `searchable_at` is when the index stage first finished; the delay is measured from `came_at`.
    - `facts` holds what the render and ocr stages reported: skipped instructions, idle stretches, coverage.
    - `screen_seconds` is how long the screen could be seen, and `read_seconds` how much of that was read.
    - `ocr_engine` is the engine to read it with (None: the configured one).
    - `index_text`, `target_group` and `risk_class` are the target's at the time of the session.
    - Retention policies set `retain_until_at` (it must not be purged before) and `purge_after_at` (it is then marked for
      purge; None: never automatically).
    """

    __tablename__ = "recordings"
    # All that a search's coverage is summed from, so that it reads no row: `facts` are kilobytes.
    __table_args__ = (
        Index(
            "ix_recordings_coverage",
            "searchable_at",
            "state",
            "started_at",
            "closed_at",
            "target_id",
            "screen_seconds",
            "read_seconds",
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    session_id: str | None = Field(default=None, foreign_key="sessions.id", unique=True, index=True)
    kind: str = Field(default=DESKTOP.name, sa_type=KindColumn)
    source: RecordingSource = Field(default=RecordingSource.LIVE, sa_type=enum_column(RecordingSource))
    state: RecordingState = Field(default=RecordingState.OPEN, index=True, sa_type=enum_column(RecordingState))
    tier: Tier = Field(default=Tier.HOT, sa_type=enum_column(Tier))
    folder: str
    gateway_id: str | None = Field(default=None, index=True)
    target_id: str | None = Field(default=None, foreign_key="targets.id", index=True)
    target_name: str = Field(index=True)
    operator_id: str | None = Field(default=None, foreign_key="users.id", index=True)
    operator_name: str = Field(index=True)
    protocol: str = ""
    keys_recorded: bool = True
    index_text: bool = True
    target_group: str = ""
    risk_class: RiskClass = Field(default=RiskClass.STANDARD, sa_type=enum_column(RiskClass))
    started_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    is_start_guessed: bool = False
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    imported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sealed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    searchable_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    hot_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retain_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    purge_after_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    purged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_ms: int | None = Field(default=None, sa_type=BigInteger)
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = Field(default=None, sa_type=BigInteger)
    digest: str | None = None
    is_shown: bool | None = None
    ocr_engine: str | None = None
    screen_seconds: float | None = None
    read_seconds: float | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)

    @property
    def came_at(self) -> datetime | None:
        """When its stages could begin: at the import or at the end of the session."""
        return self.imported_at or self.closed_at
