"""Findings: what a watch term found, as it was then, and the verdict of a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.core.finding import Match, Verdict
from gateway.core.recording.states import SpanSource
from gateway.db.columns import OptionalJsonColumn, UtcDateTime, enum_column, new_id, utc_now


class Finding(SQLModel, table=True):
    """One occurrence. The evidence is a copy of the span and never changes, even if the recording is read again.

    `at` is its wall-clock time; `start_ms` and `end_ms` are offsets in the recording; `place` is where it was on the screen
    (`gateway.core.recording.place`, as a dict). `digest` (SHA-256, hex) is of place, time and text, so that the same
    occurrence is never stored twice.
    """

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("watch_term_id", "recording_id", "digest"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    watch_term_id: str = Field(foreign_key="watch_terms.id")
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    digest: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    text: str
    start_ms: int = Field(sa_type=BigInteger)
    end_ms: int = Field(sa_type=BigInteger)
    place: dict[str, Any] | None = Field(default=None, sa_type=OptionalJsonColumn)
    source: SpanSource = Field(sa_type=enum_column(SpanSource))
    transfer: dict[str, Any] | None = Field(default=None, sa_type=OptionalJsonColumn)
    match: Match = Field(sa_type=enum_column(Match))
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    verdict: Verdict = Field(default=Verdict.OPEN, sa_type=enum_column(Verdict))
    comment: str = ""
    reviewed_by: str | None = Field(default=None, foreign_key="users.id")
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
