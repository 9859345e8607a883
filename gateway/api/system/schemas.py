"""Bodies of health and system state."""

from datetime import datetime

from gateway.api.schemas import Schema
from gateway.api.system.health import Health
from gateway.storage.stores import Requirement, RequirementState


class ChildOut(Schema):
    """A process the supervisor watches."""

    name: str
    state: str
    restarts: int


class HealthOut(Schema):
    """`checks` and `children`: only for those who may see the system."""

    status: Health
    checks: dict[str, bool] | None = None
    children: list[ChildOut] | None = None


class CheckOut(Schema):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


class BacklogOut(Schema):
    """Unfinished or failed stages."""

    stage: str
    state: str
    count: int


class RequirementOut(Schema):
    """One thing the archive is checked for."""

    requirement: Requirement
    state: RequirementState
    detail: str


class ArchiveOut(Schema):
    """Where recordings are archived to, how that stood when it was last looked at, and what waits for it.

    `is_usable` None: not looked at yet. `oldest_waiting_at`: since when the recording that waits longest is sealed.
    """

    place: str
    checked_at: datetime | None
    is_usable: bool | None
    reason: str
    requirements: list[RequirementOut]
    waiting_count: int
    waiting_bytes: int
    failed_count: int
    oldest_waiting_at: datetime | None
    last_error: str | None


class SystemOut(Schema):
    """What an admin sees. `searchable_seconds`: median of the last 24 hours, None without recordings."""

    status: Health
    gateway_id: str
    live_sessions: int
    checks: list[CheckOut]
    children: list[ChildOut]
    recordings: dict[str, int]
    backlog: list[BacklogOut]
    archive: ArchiveOut
    searchable_seconds: float | None
