"""Bodies of health and system state."""

from datetime import datetime

from gateway.api.schemas import Schema
from gateway.api.system.health import Health
from gateway.storage.stores import Requirement, RequirementState


class ChildOut(Schema):
    """A supervised process."""

    name: str
    state: str
    restarts: int


class HealthOut(Schema):
    """`checks` and `children` are only for roles that may see the system."""

    status: Health
    checks: dict[str, bool] | None = None
    children: list[ChildOut] | None = None


class CheckOut(Schema):
    """The result of one health check."""

    name: str
    ok: bool
    detail: str


class BacklogOut(Schema):
    """Unfinished or failed stages."""

    stage: str
    state: str
    count: int


class RequirementOut(Schema):
    """One requirement of the archive and its state."""

    requirement: Requirement
    state: RequirementState
    detail: str


class ArchiveOut(Schema):
    """Where recordings are archived, the last check of the archive, and the recordings waiting for it.

    `is_usable` None: not checked yet. `oldest_waiting_at`: when the longest waiting recording was sealed.
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
    """The state of the system. `searchable_seconds`: median of the last 24 hours, None without recordings."""

    status: Health
    gateway_id: str
    live_sessions: int
    checks: list[CheckOut]
    children: list[ChildOut]
    recordings: dict[str, int]
    backlog: list[BacklogOut]
    archive: ArchiveOut
    searchable_seconds: float | None
