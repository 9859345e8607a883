"""Bodies of search."""

from datetime import datetime

from gateway.api.schemas import PageOf, PlaceOut, RecordingKind, Schema, TransferOut
from gateway.core.recording.states import SpanSource
from gateway.search import Match


class SnippetPart(Schema):
    """A piece of the line. On-screen text is untrusted: show it as text, never as markup."""

    text: str
    marked: bool


class HitOut(Schema):
    """A moment at which what was asked for was visible. `at`: its wall-clock time; `width`, `height`: of the video.

    `place`: of the whole line, None for text that was never shown; `places`: of the words that match.
    `match`: exact, or tolerant where it matches only when characters that OCR confuses count as the same.
    """

    recording_id: str
    recording_kind: RecordingKind
    span_id: int
    offset_ms: int
    end_ms: int
    text: str
    snippet: list[SnippetPart]
    place: PlaceOut | None
    places: list[PlaceOut]
    source: SpanSource
    transfer: TransferOut | None
    confidence: float
    match: Match
    operator_name: str
    target_name: str
    protocol: str
    at: datetime
    width: int | None
    height: int | None


class SourceOut(Schema):
    """Where text can come from: `name` is also the field of a query (`keys:`); `kinds` of recordings that have it."""

    name: SpanSource
    kinds: list[RecordingKind]


class CoverageOut(Schema):
    """How much of what could have been seen was read: of `recordings`, `read_share` (0 to 1) of their screen-time.

    `read_share` is None where there was nothing to see. `unread_recordings` cannot be searched (yet).
    """

    recordings: int
    unread_recordings: int
    screen_seconds: float
    read_seconds: float
    read_share: float | None


class HitPage(PageOf[HitOut]):
    """Hits, exact ones first, each kind newest first.

    `message`: what of the query may have been understood otherwise than meant; with `is_refused`, why nothing was searched.
    """

    recordings_searched: int
    coverage: CoverageOut
    message: str | None
    is_refused: bool


class TickOut(Schema):
    """A moment on the strip of a recording."""

    offset_ms: int
    match: Match


class RecordingHitsOut(Schema):
    """A recording with hits. `offsets_ms`: the first 200 by time; `best`: the newest, of the exact ones if there are."""

    recording_id: str
    recording_kind: RecordingKind
    operator_name: str
    target_name: str
    protocol: str
    started_at: datetime
    duration_ms: int | None
    hit_count: int
    offsets_ms: list[TickOut]
    best: HitOut


class RecordingHitsPage(PageOf[RecordingHitsOut]):
    """Recordings, newest first. `message` and `is_refused` as in `HitPage`."""

    recordings_searched: int
    coverage: CoverageOut
    message: str | None
    is_refused: bool
