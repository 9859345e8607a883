"""Counts of failed sign-ins of the last minutes, which limit guessing."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from gateway.db.columns import UtcDateTime, enum_column, new_id


class AttemptScope(StrEnum):
    """Whose attempts one row counts."""

    EVERYONE = "everyone"
    ADDRESS = "address"
    NAME = "name"
    PAIR = "pair"  # one name from one address


class SignInAttempts(SQLModel, table=True):
    """One window of attempts; removed when it ends, so that the table stays small.

    `failure_count` includes attempts whose password is still being checked. `refused_count`: attempts refused without a check.
    `event_count`: audit events written about them (EVERYONE only). `next_at`: no try before then (NAME only).
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (UniqueConstraint("scope", "username", "address"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scope: AttemptScope = Field(sa_type=enum_column(AttemptScope))
    username: str = ""
    address: str = ""
    failure_count: int = 0
    refused_count: int = 0
    event_count: int = 0
    began_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
