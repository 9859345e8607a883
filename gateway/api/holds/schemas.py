"""Bodies of holds."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from gateway.api.schemas import Body, RecordingKind, Schema
from gateway.search.tokens import clean

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(clean)]
CaseNumber = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(clean)]
RecordingIds = Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=200)]


class HoldNew(Body):
    """Recordings to hold; all or none."""

    recording_ids: RecordingIds
    reason: Reason
    case_number: CaseNumber = ""


class HoldRelease(Body):
    """Why the hold is no longer needed."""

    reason: Reason


class HoldOut(Schema):
    """A hold and its recording. Released holds stay listed."""

    id: str
    recording_id: str
    recording_kind: RecordingKind
    target_name: str
    operator_name: str
    started_at: datetime
    reason: str
    case_number: str
    owner_name: str
    placed_at: datetime
    released_at: datetime | None
    released_by_name: str
    release_reason: str
