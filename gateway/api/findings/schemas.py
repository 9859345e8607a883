"""Bodies of findings."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.api.schemas import Body, PageOf, PlaceOut, RecordingKind, Schema, TransferOut
from gateway.core.finding import Match, Verdict
from gateway.core.recording.states import SpanSource
from gateway.search.tokens import clean

Comment = Annotated[str, Field(max_length=4000), AfterValidator(clean)]


class FindingOut(Schema):
    """One occurrence of a watch term: the evidence as found, and the verdict.

    `at` is its wall-clock time; `place` is None for text that was never shown; the video is `width` by `height` pixels.
    """

    id: str
    watch_term_id: str
    watch_term_name: str
    recording_id: str
    recording_kind: RecordingKind
    operator_name: str
    target_name: str
    at: datetime
    offset_ms: int
    end_ms: int
    text: str
    place: PlaceOut | None
    source: SpanSource
    transfer: TransferOut | None
    match: Match
    width: int | None
    height: int | None
    verdict: Verdict
    comment: str
    reviewed_by_name: str | None
    reviewed_at: datetime | None
    created_at: datetime


class FindingPage(PageOf[FindingOut]):
    """A page of findings, newest first."""


class FindingReview(Body):
    """A verdict; `open` withdraws an earlier one."""

    verdict: Verdict
    comment: Comment = ""


class FindingsReview(FindingReview):
    """The same verdict for several findings."""

    finding_ids: Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=200)]
