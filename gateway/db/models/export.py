"""Exports: copies of evidence made for somebody, and the links to download them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from gateway.core.export import ExportKind
from gateway.db.columns import JsonColumn, UtcDateTime, enum_column, new_id, utc_now


class Export(SQLModel, table=True):
    """A copy made by task `task_id`. The file is deleted at `expires_at`; the row stays. `facts` describes its contents."""

    __tablename__ = "exports"

    id: str = Field(default_factory=new_id, primary_key=True)
    task_id: str = Field(foreign_key="tasks.id", unique=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    kind: ExportKind = Field(sa_type=enum_column(ExportKind))
    created_by: str = Field(foreign_key="users.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    name: str = ""
    size_bytes: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)


class ExportLink(SQLModel, table=True):
    """A link for a person without an account. Only the SHA-256 of its secret is kept; each use is audited."""

    __tablename__ = "export_links"

    id: str = Field(default_factory=new_id, primary_key=True)
    export_id: str = Field(foreign_key="exports.id", index=True)
    token_hash: str = Field(unique=True, index=True)
    recipient: str
    created_by: str = Field(foreign_key="users.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    use_limit: int
    use_count: int = 0
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
