"""The result of the last check of an archive."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from gateway.db.columns import JsonColumn, UtcDateTime


class ArchiveCheck(SQLModel, table=True):
    """One row for each archive. Nothing is archived while `is_usable` is False; `reason` says why.

    `requirements` is a list of requirement, state and detail (`gateway.storage.stores.RequirementCheck`).
    """

    __tablename__ = "archive_checks"

    place: str = Field(primary_key=True)
    checked_at: datetime = Field(sa_type=UtcDateTime)
    is_usable: bool
    reason: str = ""
    requirements: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
