"""Shapes shared by all resources."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict

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


class ErrorBody(Schema):
    """What is wrong, as one lower-case phrase."""

    detail: str


Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=300)]
