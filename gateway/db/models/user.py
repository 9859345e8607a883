"""People who may sign in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.policy.access import Role
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class User(SQLModel, table=True):
    """A local account. `username` is stored in lower case; `password_hash` is argon2id."""

    __tablename__ = "users"

    id: str = Field(default_factory=new_id, primary_key=True)
    username: str = Field(unique=True, index=True)
    display_name: str
    role: Role = Field(sa_type=enum_column(Role))
    password_hash: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
