"""Bodies of storage."""

from datetime import datetime

from gateway.api.schemas import Body, RecordingKind, Schema, TaskOut
from gateway.core.reconcile import DiscrepancyKind


class TierOut(Schema):
    """What is in one tier."""

    recording_count: int
    size_bytes: int


class DiskOut(Schema):
    """The data folder's disk; below `floor_bytes` free no session is opened."""

    free_bytes: int
    total_bytes: int
    floor_bytes: int


class ArchiveBacklogOut(Schema):
    """Sealed recordings that are not archived yet, and their bytes without a verified copy; `failed_count` were given up."""

    recording_count: int
    size_bytes: int
    failed_count: int
    oldest_at: datetime | None


class StorageOut(Schema):
    """Where the bytes are, and what does not fit. `reconciled`: the newest run; `running`: one that is not done."""

    hot: TierOut
    archive: TierOut
    disk: DiskOut
    backlog: ArchiveBacklogOut
    discrepancies: dict[DiscrepancyKind, int]
    reconciled: TaskOut | None
    running: TaskOut | None


class DiscrepancyOut(Schema):
    """One thing that does not fit its rows; open until `repaired_at` or `gone_at`."""

    id: str
    recording_id: str | None
    recording_kind: RecordingKind | None
    target_name: str | None
    kind: DiscrepancyKind
    name: str
    detail: str
    found_at: datetime
    seen_at: datetime
    repaired_at: datetime | None
    gone_at: datetime | None


class ReconcileNew(Body):
    """How to reconcile: `deep` reads every byte, `repair` takes good copies in place of what is damaged."""

    deep: bool = False
    repair: bool = True
