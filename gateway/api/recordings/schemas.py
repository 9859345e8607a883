"""Bodies of recordings."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from gateway.api.schemas import Body, PlaceOut, RecordingKind, Schema, TaskOut, TransferOut
from gateway.core.evidence import Soundness
from gateway.core.policy.retention import RiskClass
from gateway.core.recording.engines import OcrEngine
from gateway.core.recording.states import GapCause, RecordingSource, RecordingState, SpanSource, Tier
from gateway.core.session import CloseReason
from gateway.core.work import StageName, WorkState
from gateway.evidence.faults import Measure
from gateway.work.restoring import MOST_DAYS


class StageOut(Schema):
    """One processing stage and its progress."""

    name: StageName
    state: WorkState
    progress: float
    attempt_count: int
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None
    not_before_at: datetime | None


class RecordingSummary(Schema):
    """A recording in a list.

    `searchable_seconds`: measured from disconnect or import until searchable. `is_start_guessed`: `started_at` was derived
    from the date of the imported file. `poster_ms`: when the first picture begins that is not blank. `is_held`: a hold
    forbids purging it. `purge_due_at`: when the marked purge is due.
    """

    id: str
    session_id: str | None
    kind: RecordingKind
    source: RecordingSource
    state: RecordingState
    tier: Tier
    operator_name: str
    target_name: str
    protocol: str
    started_at: datetime
    is_start_guessed: bool
    closed_at: datetime | None
    imported_at: datetime | None
    close_reason: CloseReason | None
    duration_ms: int | None
    width: int | None
    height: int | None
    size_bytes: int | None
    searchable_at: datetime | None
    searchable_seconds: float | None
    stages: list[StageOut]
    has_video: bool
    poster_ms: int | None
    index_text: bool
    target_group: str
    risk_class: RiskClass
    is_held: bool
    purge_due_at: datetime | None


class SegmentOut(Schema):
    """A file of the original."""

    number: int
    name: str
    size_bytes: int
    sha256: str


class GapOut(Schema):
    """An interval known not to be recorded."""

    start_ms: int
    end_ms: int | None
    cause: GapCause
    detail: str


class RenditionOut(Schema):
    """A derived file and its provenance: stage run, engine, bytes of the original."""

    name: str
    size_bytes: int
    sha256: str
    engine: str
    run_id: str
    start_byte: int
    end_byte: int | None
    created_at: datetime


class ArchiveObjectOut(Schema):
    """A file's verified copy in the archive."""

    name: str
    key: str
    version_id: str | None
    size_bytes: int
    sha256: str
    encoding: str
    storage_class: str
    locked_until_at: datetime | None
    legal_hold: bool
    verified_at: datetime


class RestoreNew(Body):
    """How many days a restored recording stays in hot storage, counted from the restore."""

    days: Annotated[float, Field(gt=0, le=MOST_DAYS)] = 7.0


class RestoreOut(Schema):
    """A requested restore. `error`: why it failed or, while pending, what it waits for."""

    id: str
    state: WorkState
    progress: float
    error: str | None
    days: float
    requested_by_name: str
    requested_at: datetime
    finished_at: datetime | None
    not_before_at: datetime | None


class QueueOut(Schema):
    """A recording's place in the queue for a worker.

    `searchable_in_seconds` is estimated from recent work; None without measurements, or once it is searchable.
    """

    ahead_count: int
    searchable_in_seconds: float | None


class RecordingOut(RecordingSummary):
    """Everything about one recording. `queue` is None if none of its stages is due or running."""

    digest: str | None
    keys_recorded: bool
    archived_at: datetime | None
    hot_until_at: datetime | None
    segments: list[SegmentOut]
    gaps: list[GapOut]
    renditions: list[RenditionOut]
    archive: list[ArchiveObjectOut]
    restore: RestoreOut | None
    queue: QueueOut | None
    facts: dict[str, Any]


class VerifyNew(Body):
    """How to verify a recording. `archive`: also read back every archived copy."""

    archive: bool = False


class FaultOut(Schema):
    """A fault and its location: `measure` is the unit of `start` and `end` (exclusive) in `file`."""

    file: str
    measure: Measure
    start: int | None
    end: int | None
    text: str


class VerificationOut(Schema):
    """The result of a verification. `facts`: how much was checked, or the `reason` why it could not be checked."""

    id: str
    at: datetime
    requested_by: str
    outcome: Soundness
    faults: list[FaultOut]
    facts: dict[str, Any]


class VerificationsOut(Schema):
    """The newest verifications of a recording, and the unfinished task, if any."""

    unfinished: TaskOut | None
    items: list[VerificationOut]


class RetryNew(Body):
    """`stage`: retry only this stage; null: every failed stage."""

    stage: StageName | None = None


class RetryOut(Schema):
    """How many recordings are retried."""

    recording_count: int


class RereadNew(Body):
    """How to re-run OCR. `engine`: one of docs/text.md; None: the configured one."""

    engine: OcrEngine | None = None


class Stretch(Schema):
    """A stretch of time in the recording."""

    start_ms: int
    end_ms: int


class TimelineOut(Schema):
    """Data for the player's timeline. `activity`: screen changes (0 to 1) in each of equally long parts."""

    duration_ms: int
    idle: list[Stretch]
    gaps: list[GapOut]
    keyframes: list[int]
    activity: list[float]


class SpanOut(Schema):
    """A piece of text, and when and where it was visible. `words`: the text of each and the numbers of its place."""

    id: int
    source: SpanSource
    transfer: TransferOut | None
    text: str
    start_ms: int
    end_ms: int
    place: PlaceOut | None
    confidence: float
    words: list[Any]
