"""Bodies of sessions."""

from datetime import datetime

from gateway.api.schemas import RecordingKind, Schema
from gateway.core.session import CloseReason, SessionState


class SessionOut(Schema):
    """One user on one target, from open to close."""

    id: str
    operator_name: str
    target_id: str
    target_name: str
    protocol: str
    state: SessionState
    close_reason: CloseReason | None
    client_address: str
    opened_at: datetime
    closed_at: datetime | None
    recording_id: str | None
    recording_kind: RecordingKind | None
