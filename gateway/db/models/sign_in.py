"""Server-side state of the sign-in cookie."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, new_id, utc_now


class SignIn(SQLModel, table=True):
    """One sign-in of one user. Only the SHA-256 of the cookie's value is kept."""

    __tablename__ = "sign_ins"

    id: str = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True, index=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    address: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
