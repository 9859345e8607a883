"""What `make test` leaves to `make test-long`: repetitions of what it has tried once."""

from collections.abc import Collection, Iterable
from typing import Final

import pytest

# For a test of the workers' `settings` that takes seconds and asks nothing of the database that others do not ask.
POSTGRESQL_LATER: Final = pytest.mark.parametrize(
    "settings", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)


def rest_later(cases: Iterable[object], now: Collection[object]) -> list[object]:
    """All cases, as parameters; those that are not `now` are for `make test-long`."""
    return [case if case in now else pytest.param(case, marks=pytest.mark.long) for case in cases]
