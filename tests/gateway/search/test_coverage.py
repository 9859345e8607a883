"""How much was looked at, over the recordings a query searched."""

from datetime import timedelta

import pytest

from gateway.core.recording.states import RecordingState
from gateway.db.models import Recording
from gateway.search import Scope, SearchCoverage
from tests.gateway.search.conftest import STARTED_AT, Archive


def set_row(archive: Archive, name: str, **values: object) -> None:
    with archive.database.write() as session:
        row = session.get(Recording, name)
        assert row is not None
        for column, value in values.items():
            setattr(row, column, value)
        session.add(row)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    for name, read in (("r", 100.0), ("s", 98.4), ("waiting", None)):
        archive.add(name, ["root"], started_at=STARTED_AT)
        set_row(archive, name, screen_seconds=None if read is None else 100.0, read_seconds=read)
    set_row(archive, "waiting", searchable_at=None)
    return archive


def test_an_answer_says_how_much_was_looked_at(filled: Archive) -> None:
    coverage = filled.ask("nowhere").coverage
    assert coverage == SearchCoverage(2, 1, 200.0, 198.4)
    assert coverage.read_share == 0.992
    assert str(coverage) == "2 recordings, 99.20% of visible screen-time read; 1 not searchable"


def test_only_what_the_query_and_the_asker_reach_counts(filled: Archive) -> None:
    assert filled.ask("root", Scope()).coverage == SearchCoverage()
    assert filled.ask("root", Scope.everything("s")).coverage == SearchCoverage(1, 0, 100.0, 98.4)
    assert filled.ask("root before:2026-09-30").coverage == SearchCoverage()
    assert filled.ask("root after:2026-10-02").coverage == SearchCoverage()
    assert filled.ask("root after:2026-10-01").coverage.recordings == 2


def test_a_session_that_still_runs_is_not_searched(filled: Archive) -> None:
    set_row(filled, "waiting", closed_at=None, started_at=STARTED_AT - timedelta(days=1))
    assert filled.ask("root after:2026-10-02").coverage.unread_recordings == 1


def test_what_was_purged_is_not_counted(filled: Archive) -> None:
    set_row(filled, "r", state=RecordingState.PURGED)
    assert filled.ask("root").coverage.recordings == 1


@pytest.mark.parametrize(
    ("screen", "read", "share"), [(0.0, 0.0, None), (3.0, 3.0, 1.0), (100_000.0, 99_999.0, 0.9999), (1.0, 1.001, 1.0)]
)
def test_only_all_is_all(screen: float, read: float, share: float | None) -> None:
    assert SearchCoverage(1, 0, screen, read).read_share == share


def test_with_nothing_to_see_it_says_so() -> None:
    assert str(SearchCoverage(1)) == "1 recording, nothing to see"
