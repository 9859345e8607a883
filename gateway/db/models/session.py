"""Sessions: one user on one target, from open to close."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.session import CloseReason, SessionState
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class AccessSession(SQLModel, table=True):
    """A session. Names of operator and target are those at its opening, whatever they are renamed to later.

    `is_locked`: no input of the operator reaches the target. `close_text`: what the operator was told at the end.
    `sign_in_id`: the sign-in under which it was opened, which may have ended since.
    """

    __tablename__ = "sessions"

    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    target_id: str = Field(foreign_key="targets.id", index=True)
    operator_name: str
    target_name: str
    protocol: str
    state: SessionState = Field(default=SessionState.PENDING, index=True, sa_type=enum_column(SessionState))
    close_reason: CloseReason | None = Field(default=None, sa_type=enum_column(CloseReason))
    is_locked: bool = False
    close_text: str | None = None
    sign_in_id: str | None = None
    client_address: str
    gateway_id: str = Field(index=True)
    opened_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
