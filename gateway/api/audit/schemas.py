"""Bodies of the audit trail."""

from datetime import datetime
from typing import Any

from gateway.api.schemas import Schema


class AuditEventOut(Schema):
    """One event; `details` depends on the tag."""

    id: int
    at: datetime
    tag: str
    actor_id: str | None
    actor_name: str
    address: str
    subject_id: str | None
    details: dict[str, Any]
    hash: str
