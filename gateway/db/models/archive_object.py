"""Files in the archive, and when they were verified."""

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, new_id


class ArchiveObject(SQLModel, table=True):
    """One file of a recording in the archive. `verified_at` is when its bytes were read back and hashed to `sha256`.

    `size_bytes` and `sha256` describe the stored object. `encoding` is "zstd" if the content was compressed before it was
    encrypted, otherwise empty. `content_*` describe the content (None: the object is the content). `locked_until_at` and
    `has_legal_hold` are the state of its lock.
    """

    __tablename__ = "archive_objects"
    __table_args__ = (UniqueConstraint("recording_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    name: str
    key: str
    version_id: str | None = None
    size_bytes: int = Field(sa_type=BigInteger)
    sha256: str
    encoding: str = ""
    content_bytes: int | None = Field(default=None, sa_type=BigInteger)
    content_sha256: str | None = None
    storage_class: str = ""
    locked_until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    legal_hold: bool = False
    verified_at: datetime = Field(sa_type=UtcDateTime)
