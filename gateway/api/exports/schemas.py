"""Bodies of exports."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from gateway.api.schemas import Body, RecordingKind, Schema
from gateway.core.export import ExportKind
from gateway.core.recording.geometry import Box
from gateway.core.work import WorkState
from gateway.exports.export_request import ExportRequest
from gateway.exports.links import LinkProblem
from gateway.exports.rules import MAX_LENGTH, MAX_RULES, Region, Rules

_Ms = Annotated[int, Field(ge=0, le=2**40)]
_Pixel = Annotated[int, Field(ge=0, le=2**15)]
_Rule = Annotated[str, Field(max_length=MAX_LENGTH)]


class RegionNew(Body):
    """A region of the screen, in pixels of the video, from `start_ms` to `end_ms` (None: to the end)."""

    x: _Pixel
    y: _Pixel
    width: _Pixel
    height: _Pixel
    start_ms: _Ms = 0
    end_ms: _Ms | None = None


class ExportNew(Body):
    """What to export.

    Clips and redacted copies: `start_ms` and `end_ms` are bounds in the recording. Bundles: `query` finds the hits whose
    keyframes are included. A redacted copy covers `terms`, matches of `patterns` (RE2), `regions`, and lines read with
    less than `min_confidence`; with `name_rules`, its manifest lists the terms and patterns.
    """

    kind: ExportKind
    start_ms: _Ms = 0
    end_ms: _Ms | None = None
    query: Annotated[str, Field(max_length=1000)] = ""
    terms: list[_Rule] = Field(default_factory=list, max_length=MAX_RULES)
    patterns: list[_Rule] = Field(default_factory=list, max_length=MAX_RULES)
    regions: list[RegionNew] = Field(default_factory=list, max_length=MAX_RULES)
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    name_rules: bool = False
    keep_days: Annotated[float, Field(gt=0, le=365)] | None = None

    def to_request(self) -> ExportRequest:
        """Return the validated request. Raises InvalidInputError."""
        regions = tuple(
            Region(Box(one.x, one.y, one.width, one.height), one.start_ms, one.end_ms) for one in self.regions
        )
        has_rules = bool(self.terms or self.patterns or regions or self.min_confidence)
        rules = None
        if has_rules or self.kind is ExportKind.REDACTED:
            rules = Rules(tuple(self.terms), tuple(self.patterns), regions, self.min_confidence)
        return ExportRequest(self.kind, self.start_ms, self.end_ms, self.query.strip(), rules, self.name_rules)


class LinkNew(Body):
    """Recipient, lifetime and maximum number of uses of a link."""

    recipient: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
    hours: Annotated[float, Field(gt=0, le=365 * 24)] = 72
    use_limit: Annotated[int, Field(ge=1, le=100)] = 3


class LinkOut(Schema):
    """A link; `problem`: why it does not work now, if it does not."""

    id: str
    recipient: str
    created_at: datetime
    expires_at: datetime
    use_limit: int
    use_count: int
    revoked_at: datetime | None
    problem: LinkProblem | None


class LinkCreated(LinkOut):
    """A new link. `path` is shown only once; the recipient opens it at the site's address."""

    path: str


class ExportOut(Schema):
    """An export and its progress. `facts` describe the file; `requested` describes the request."""

    id: str
    recording_id: str
    recording_kind: RecordingKind
    operator_name: str
    target_name: str
    recorded_at: datetime
    kind: ExportKind
    state: WorkState
    progress: float
    error: str | None
    created_by_name: str
    created_at: datetime
    expires_at: datetime
    removed_at: datetime | None
    name: str
    size_bytes: int | None
    sha256: str | None
    requested: dict[str, Any]
    facts: dict[str, Any]
    links: list[LinkOut]


class LinkSecret(Body):
    """The fragment of a link's URL."""

    secret: Annotated[str, Field(max_length=200)]


class LinkedExport(Schema):
    """A link as its recipient sees it. With `problem` set it does not work, and the other fields are empty."""

    problem: LinkProblem | None
    kind: ExportKind | None = None
    name: str | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    recipient: str | None = None
    expires_at: datetime | None = None
    uses_left: int | None = None
