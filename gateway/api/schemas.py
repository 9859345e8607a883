"""Shapes shared by all resources."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from fastapi import Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gateway.core.recording.kinds import KINDS
from gateway.core.recording.place import Place, PlaceKind, place_as_dict
from gateway.core.recording.transfer import Direction, TransferEnd
from gateway.core.text import fault_in
from gateway.core.work import TaskKind, WorkState
from gateway.db.paging import MAX_PAGE

Item = TypeVar("Item")


class Schema(BaseModel):
    """Base of all bodies: built from rows; unknown fields are rejected."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


_SECRETS: Final = frozenset({"password", "secret"})
_MANY_LINES: Final = frozenset({"comment", "reason", "parameters"})


class Body(Schema):
    """Base of request bodies. Text at any depth must not contain characters that cannot be stored or shown unchanged."""

    @model_validator(mode="before")
    @classmethod
    def _printable(cls, given: Any) -> Any:
        _refuse_unprintable(given, "")
        return given


def _refuse_unprintable(given: Any, field: str) -> None:
    """`field` names the innermost body field that contains the text. The error names the character, not the text."""
    if isinstance(given, str):
        fault = fault_in(given, lines=field in _MANY_LINES, secret=field in _SECRETS)
        if fault is not None:
            raise PydanticCustomError(
                "unprintable", "Text must not contain the character {character}", {"character": fault}
            )
    elif isinstance(given, list | tuple):
        for item in given:
            _refuse_unprintable(item, field)
    elif isinstance(given, dict):
        for name, value in given.items():
            _refuse_unprintable(name, "")
            _refuse_unprintable(value, field if field in _MANY_LINES else str(name))


def _in_range(moment: datetime) -> datetime:
    """Convert to UTC. The first and last hours of the calendar do not exist in every zone."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_range", "Input should be a time within the years 1 to 9999") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_range)]


class Listing(Schema, Generic[Item]):
    """A complete list."""

    items: list[Item]


class PageOf(Schema, Generic[Item]):
    """One page of a list; pass `next_cursor` to get the next one."""

    items: list[Item]
    next_cursor: str | None


# The name of a kind of recording: one of the table's.
RecordingKind = Annotated[str, WithJsonSchema({"type": "string", "enum": list(KINDS)})]


class TransferOut(Schema):
    """A clipboard or file transfer: its direction (None: unknown), its outcome, and the number of bytes sent.

    `end`: whole; cut (over the size limit, or damaged); unfinished; refused (did not reach the target). `sha256` (hex) is
    that of a file's content.
    """

    direction: Direction | None
    end: TransferEnd
    mimetype: str
    size_bytes: int
    sha256: str | None


class BoxOut(Schema):
    """A place in a video: a rectangle in its pixels."""

    kind: Literal[PlaceKind.BOX]
    x: int
    y: int
    width: int
    height: int


def _place_values(given: Place | dict[str, Any]) -> dict[str, Any]:
    return given if isinstance(given, dict) else place_as_dict(given)


# Where a piece of text stands, as a value that names its kind; text that was never shown has None.
PlaceOut = Annotated[BoxOut, BeforeValidator(_place_values)]


class TaskOut(Schema):
    """Requested work and its progress (0 to 1). `parameters` and `result` depend on the kind."""

    id: str
    kind: TaskKind
    state: WorkState
    progress: float
    parameters: dict[str, Any]
    result: dict[str, Any]
    error: str | None
    requested_by_name: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=300)]
