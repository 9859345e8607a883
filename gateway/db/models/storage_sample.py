"""Storage use, sampled on a timer; the capacity forecast is based on it."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class StorageSample(SQLModel, table=True):
    """Bytes of recordings on hot disk and in the archive, and free and total bytes of the disk with the data folder."""

    __tablename__ = "storage_samples"

    at: datetime = Field(default_factory=utc_now, primary_key=True, sa_type=UtcDateTime)
    hot_bytes: int = Field(sa_type=BigInteger)
    archive_bytes: int = Field(sa_type=BigInteger)
    free_bytes: int = Field(sa_type=BigInteger)
    total_bytes: int = Field(sa_type=BigInteger)
