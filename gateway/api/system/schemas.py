"""Bodies of health and system state."""

from gateway.api.schemas import Schema
from gateway.api.system.health import Health


class ChildOut(Schema):
    """A process the supervisor watches."""

    name: str
    state: str
    restarts: int


class HealthOut(Schema):
    """What anybody may know."""

    status: Health
    checks: dict[str, bool]
    children: list[ChildOut]


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


class SystemOut(Schema):
    """What an admin sees. `searchable_seconds`: median of the last 24 hours, None without recordings."""

    status: Health
    gateway_id: str
    live_sessions: int
    checks: list[CheckOut]
    children: list[ChildOut]
    recordings: dict[str, int]
    backlog: list[BacklogOut]
    searchable_seconds: float | None
