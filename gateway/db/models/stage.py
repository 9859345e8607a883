"""Stages: the state of the pipeline."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from gateway.core.work import StageName
from gateway.db.columns import enum_column
from gateway.db.models.leased import Leased


class Stage(Leased, table=True):
    """One processing step of one recording."""

    __tablename__ = "stages"
    # What ended last says how long work takes (`gateway.db.repositories.queue`).
    __table_args__ = (UniqueConstraint("recording_id", "name"), Index("ix_stages_finished_at", "finished_at"))

    recording_id: str = Field(foreign_key="recordings.id", index=True)
    name: StageName = Field(sa_type=enum_column(StageName))
