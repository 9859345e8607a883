"""Bodies of purges."""

from datetime import datetime
from typing import Any

from gateway.api.holds.schemas import HoldOut, Reason, RecordingIds
from gateway.api.schemas import Body, RecordingKind, Schema
from gateway.core.policy.retention import ObstacleKind, PurgeState


class PurgeNew(Body):
    """Recordings to mark; all or none."""

    recording_ids: RecordingIds
    reason: Reason


class PurgeCancel(Body):
    """Why the recordings are kept."""

    reason: Reason


class PurgeOut(Schema):
    """A purge. `by_policy`: marked by a policy, not a user; `waiting_for`: why a due purge has to wait, otherwise empty.

    `ended_by_name` and `end_reason` say who cancelled it and why.
    """

    id: str
    recording_id: str
    recording_kind: RecordingKind
    target_name: str
    operator_name: str
    started_at: datetime
    size_bytes: int | None
    state: PurgeState
    reason: str
    by_policy: bool
    marked_by_name: str
    marked_at: datetime
    due_at: datetime
    waiting_for: str
    began_at: datetime | None
    ended_at: datetime | None
    ended_by_name: str
    end_reason: str


class ObstacleOut(Schema):
    """What prevents purging a recording."""

    kind: ObstacleKind
    text: str


class TombstoneOut(Schema):
    """What is left of a purged recording: names, sizes and digests of its files, and where they were."""

    purged_at: datetime
    files: list[dict[str, Any]]


class PurgeStatusOut(Schema):
    """What keeps a recording and when it will be purged. `purge` is the latest one, whatever its outcome."""

    policy_id: str
    policy_name: str
    object_lock: bool
    retain_until_at: datetime | None
    purge_after_at: datetime | None
    hot_until_at: datetime | None
    obstacles: list[ObstacleOut]
    holds: list[HoldOut]
    purge: PurgeOut | None
    tombstone: TombstoneOut | None
