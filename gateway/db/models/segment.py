"""Segments of a recording, as the seal stage found them."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.db.columns import new_id


class Segment(SQLModel, table=True):
    """One bounded append-only file of the stream; `sha256` is hex.

    `size_bytes` and `sha256` describe the stream, `stored_bytes` and `stored_sha256` the encrypted file that holds it.
    """

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("recording_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    recording_id: str = Field(foreign_key="recordings.id", index=True)
    number: int
    name: str
    size_bytes: int = Field(sa_type=BigInteger)
    sha256: str
    stored_bytes: int = Field(sa_type=BigInteger)
    stored_sha256: str
