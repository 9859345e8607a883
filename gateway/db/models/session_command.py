"""Commands to running sessions, from people or because access has ended."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.session import CloseReason, CommandState, Verb
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class SessionCommand(SQLModel, table=True):
    """One command to one session, carried out by the gateway that runs the session.

    `text`: what the operator is told. `close_reason` (for `end`): the reason to close with. `author_id` is None where the gateway itself decided.
    `acknowledged_at`: when the operator confirmed a message.
    """

    __tablename__ = "session_commands"

    id: str = Field(default_factory=new_id, primary_key=True)
    session_id: str = Field(foreign_key="sessions.id", index=True)
    gateway_id: str
    verb: Verb = Field(sa_type=enum_column(Verb))
    close_reason: CloseReason | None = Field(default=None, sa_type=enum_column(CloseReason))
    text: str
    author_id: str | None = None
    author_name: str
    state: CommandState = Field(default=CommandState.PENDING, index=True, sa_type=enum_column(CommandState))
    placed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
