"""The recordings that an audit event mentions besides its subject."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class AuditMention(SQLModel, table=True):
    """An index of `recording_id` and `recording_ids` in the event's details, which the hash chain covers."""

    __tablename__ = "audit_mentions"

    recording_id: str = Field(primary_key=True)
    event_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
