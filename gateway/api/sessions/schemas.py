"""Bodies of sessions."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from gateway.api.schemas import Body, RecordingKind, Schema
from gateway.core.session import CloseReason, CommandState, SessionState, Verb
from gateway.search.tokens import clean

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(clean)]


class CommandIn(Body):
    """A command to a running session. `text`: the reason, or the message; the operator sees it."""

    verb: Verb
    text: _Text


class CommandOut(Schema):
    """A command and what became of it. `acknowledged_at`: when the operator confirmed a message."""

    id: str
    verb: Verb
    text: str
    author_name: str
    state: CommandState
    placed_at: datetime
    settled_at: datetime | None
    acknowledged_at: datetime | None


class SessionOut(Schema):
    """One user on one target, from open to close."""

    id: str
    operator_name: str
    target_id: str
    target_name: str
    protocol: str
    state: SessionState
    is_locked: bool
    close_reason: CloseReason | None
    close_text: str | None
    client_address: str
    opened_at: datetime
    closed_at: datetime | None
    recording_id: str | None
    recording_kind: RecordingKind | None
