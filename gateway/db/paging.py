"""Keyset paging: newest first, a cursor instead of page numbers, so that a growing list neither skips nor repeats."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, or_
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from gateway.core.errors import InvalidInputError

Row = TypeVar("Row")
Mapped = TypeVar("Mapped")
MAX_PAGE = 200


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Up to `limit` rows and the cursor of the next page, None on the last."""

    items: Sequence[Row]
    next_cursor: str | None

    def map(self, convert: Callable[[Row], Mapped]) -> "Page[Mapped]":
        """The same page with each row converted."""
        return Page([convert(row) for row in self.items], self.next_cursor)


def page_of(
    session: Session, query: SelectOfScalar[Row], *, at: Any, key: Any, limit: int, cursor: str | None
) -> Page[Row]:
    """Return one page of `query`, ordered by the time column `at` and then by `key`, both descending."""
    if cursor:
        last_at, last_key = decode_cursor(cursor)
        query = query.where(or_(at < last_at, and_(at == last_at, key < last_key)))
    limit = max(1, min(limit, MAX_PAGE))
    rows = session.exec(query.order_by(at.desc(), key.desc()).limit(limit + 1)).all()
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], encode_cursor(getattr(last, at.key), getattr(last, key.key)))


def encode_cursor(at: datetime, key: str | int) -> str:
    """Encode the end of a page as a cursor."""
    kind = "i" if isinstance(key, int) else "s"
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{kind}{key}".encode()).decode()


def decode_cursor(cursor: str) -> tuple[datetime, str | int]:
    """Decode a cursor into time (aware) and key. Raises InvalidInputError."""
    try:
        at, key = base64.urlsafe_b64decode(cursor.encode()).decode().split("|", 1)
        return datetime.fromisoformat(at).astimezone(UTC), int(key[1:]) if key[0] == "i" else key[1:]
    except (ValueError, OverflowError, binascii.Error, IndexError) as error:
        raise InvalidInputError("invalid cursor; start again from the first page") from error
