"""Read lists that are longer than a page."""

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from gateway.db.paging import MAX_PAGE, Page

Row = TypeVar("Row")


def all_of(page: Callable[[int, str | None], Page[Row]], limit: int) -> list[Row]:
    """Return up to `limit` rows; `page` takes a size and a cursor."""
    found = page(min(limit, MAX_PAGE), None)
    rows = list(found.items)
    while found.next_cursor and len(rows) < limit:
        found = page(min(limit - len(rows), MAX_PAGE), found.next_cursor)
        rows += found.items
    return list(islice(rows, limit))
