"""Shapes shared by all resources."""

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from gateway.core.jobs import WorkState
from gateway.core.order import OrderKind
from gateway.core.recording.transfer import Direction, TransferEnd
from gateway.db.paging import MAX_PAGE

Item = TypeVar("Item")


class Schema(BaseModel):
    """Base of all bodies: read from rows, unknown fields refused."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Listing(Schema, Generic[Item]):
    """A whole list."""

    items: list[Item]


class PageOf(Schema, Generic[Item]):
    """A part of a list; ask again with `next_cursor` for more."""

    items: list[Item]
    next_cursor: str | None


class TransferOut(Schema):
    """Of a clipboard or a file: which way it went (None: not known), how it ended, and how many bytes were sent.

    `end`: whole; cut (more than is kept, or damaged); unfinished; refused (it did not reach the target). `sha256`: hex, of a
    file's content.
    """

    direction: Direction | None
    end: TransferEnd
    mimetype: str
    size_bytes: int
    sha256: str | None


class OrderOut(Schema):
    """Work that was asked for and how far it is (`progress` 0 to 1). `parameters` and `result` are the kind's own."""

    id: str
    kind: OrderKind
    state: WorkState
    progress: float
    parameters: dict[str, Any]
    result: dict[str, Any]
    error: str | None
    asked_by_name: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ErrorBody(Schema):
    """What is wrong, as one lower-case phrase."""

    detail: str


Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=300)]
