"""One-time grants to open a tunnel."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class Ticket(SQLModel, table=True):
    """Bound to a user, a target and the client address; redeemed by one atomic update."""

    __tablename__ = "tickets"

    token_hash: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id")
    target_id: str = Field(foreign_key="targets.id")
    address: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    redeemed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
