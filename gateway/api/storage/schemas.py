"""Bodies of storage."""

from datetime import datetime

from gateway.api.schemas import Body, RecordingKind, Schema, TaskOut
from gateway.core.reconcile import DiscrepancyKind


class TierOut(Schema):
    """Contents of one tier."""

    recording_count: int
    size_bytes: int


class DiskOut(Schema):
    """The data folder's disk; with less than `floor_bytes` free, no session is opened."""

    free_bytes: int
    total_bytes: int
    floor_bytes: int


class ArchiveBacklogOut(Schema):
    """Sealed recordings not archived yet, and their bytes without a verified copy; `failed_count` of them have failed."""

    recording_count: int
    size_bytes: int
    failed_count: int
    oldest_at: datetime | None


class StorageOut(Schema):
    """Storage use and discrepancies. `reconciled`: the newest finished run; `running`: an unfinished one."""

    hot: TierOut
    archive: TierOut
    disk: DiskOut
    backlog: ArchiveBacklogOut
    discrepancies: dict[DiscrepancyKind, int]
    reconciled: TaskOut | None
    running: TaskOut | None


class DiscrepancyOut(Schema):
    """A claim that does not match the bytes; open until `repaired_at` or `gone_at` is set."""

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
    """How to reconcile: `deep` reads every byte, `repair` replaces damaged copies with good ones."""

    deep: bool = False
    repair: bool = True
