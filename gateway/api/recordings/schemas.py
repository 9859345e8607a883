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
    """One step of the pipeline and how far it is."""

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

    `searchable_seconds`: from disconnect or import to searchable, measured. `is_start_guessed`: `started_at` is counted back from the date of the imported file.

    `poster_ms`: when the first picture begins on which there is something to see.

    `is_held`: a hold forbids purging it. `purge_due_at`: when its bytes go, as it is marked for purge.
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
    """A derived file, and where it comes from: stage run, engine, bytes of the original."""

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
    """For how long a recording is to be on hot disk, from when it is there."""

    days: Annotated[float, Field(gt=0, le=MOST_DAYS)] = 7.0


class RestoreOut(Schema):
    """A restore that was asked for. `error`: why it failed, or (while it is pending) what it waits for."""

    id: str
    state: WorkState
    progress: float
    error: str | None
    days: float
    asked_by_name: str
    asked_at: datetime
    finished_at: datetime | None
    not_before_at: datetime | None


class QueueOut(Schema):
    """Where a recording stands among those that wait for a worker.

    `searchable_in_seconds` is an estimate from what was done last; None while nothing was measured, and once it can be
    searched.
    """

    ahead_count: int
    searchable_in_seconds: float | None


class RecordingOut(RecordingSummary):
    """All about one recording. `queue`: None when no stage of it is due or running."""

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
    """How to verify a recording. `archive`: read back every archived copy too."""

    archive: bool = False


class FaultOut(Schema):
    """What is wrong, and where: `measure` says what `start` and `end` (exclusive) count in `file`."""

    file: str
    measure: Measure
    start: int | None
    end: int | None
    text: str


class VerificationOut(Schema):
    """What verifying found. `facts`: how much was looked at; `reason` there where it could not be looked at."""

    id: str
    at: datetime
    asked_by: str
    outcome: Soundness
    faults: list[FaultOut]
    facts: dict[str, Any]


class VerificationsOut(Schema):
    """The newest verifications of a recording, and the order that is not done yet, if there is one."""

    unfinished: TaskOut | None
    items: list[VerificationOut]


class RetryNew(Body):
    """`stage`: only recordings in which this stage failed; null: whatever failed."""

    stage: StageName | None = None


class RetryOut(Schema):
    """How many recordings are tried again."""

    recording_count: int


class RereadNew(Body):
    """How to read a recording again. `engine`: one of docs/text.md; None: the one that is set."""

    engine: OcrEngine | None = None


class Stretch(Schema):
    """From one moment to another."""

    start_ms: int
    end_ms: int


class TimelineOut(Schema):
    """What a player's timeline draws. `activity`: share (0 to 1) of screen changes in each of equal parts."""

    duration_ms: int
    idle: list[Stretch]
    gaps: list[GapOut]
    keyframes: list[int]
    activity: list[float]


class SpanOut(Schema):
    """A piece of text and when and where it was visible. `words`: the text of each and the numbers of its place."""

    id: int
    source: SpanSource
    transfer: TransferOut | None
    text: str
    start_ms: int
    end_ms: int
    place: PlaceOut | None
    confidence: float
    words: list[Any]
