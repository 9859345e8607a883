"""Hits by recording: the same hits as the flat search, newest recording first, however they are paged."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from gateway.core.finding import Match
from gateway.core.recording.states import SpanSource
from gateway.db.database import Database
from gateway.search import RecordingHits, Scope, search_recordings
from gateway.search.groups import MAX_TICKS
from gateway.search.hits import all_hits
from tests.gateway.search.conftest import STARTED_AT, Archive, Line
from tests.parts.database import upgrade


def groups(archive: Archive, query: str, *, limit: int = 50, scope: Scope | None = None) -> list[RecordingHits]:
    """All pages."""
    found: list[RecordingHits] = []
    cursor = None
    with archive.database.read() as session:
        while True:
            answer = search_recordings(session, query, scope or Scope.everything(), limit=limit, cursor=cursor)
            found += answer.items
            cursor = answer.next_cursor
            if cursor is None:
                return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Thirty recordings that overlap in time, some begun at the same moment; nothing changes them."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_url()
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('filled') / 'reelgate.db'}"
    upgrade(url)
    database = Database(url)
    archive = Archive(database)
    fill(archive)
    yield archive
    database.close()


def fill(archive: Archive) -> None:
    for number in range(30):
        lines = [Line(f"sudo {number}", 60_000 * at, 60_000 * at + 500) for at in range(number % 4)]
        lines += [Line("sud0", 5000, 6000), Line("keys passwd", 7000, 7100, SpanSource.KEYS)] if number % 3 == 0 else []
        lines += [Line("rareword")] if number in {2, 29} else []
        archive.add(
            f"r{number:02}",
            [*lines, "nothing"],
            operator="bob" if number % 2 else "alice",
            started_at=STARTED_AT + timedelta(minutes=number // 2),
        )


_NEARS = [
    "sudo NEAR/3s keys:passwd",
    "sudo NEAR/90s rareword",
    "rareword NEAR/5s sud0 NEAR/1m sudo",
]


@pytest.mark.parametrize("limit", [1, 4, 50])
@pytest.mark.parametrize(
    "query",
    [
        "sudo",
        "rareword",
        "sudo OR rareword",
        "sudo -1",
        "operator:bob sudo",
        "operator:bob",
        *_NEARS,
        "sudo after:2026-10-01T08:05 before:2026-10-01T08:09",
        "su",
        "nowhere",
    ],
)
def test_the_same_hits_as_the_flat_search(filled: Archive, query: str, limit: int) -> None:
    check(filled, query, limit)


@pytest.mark.parametrize("query", ["sudo", "rareword", *_NEARS])
@pytest.mark.parametrize(
    "limits",
    [{"groups._FEW": -1}, {"nearness._FEW": -1}, {"nearness._FEW": -1, "nearness._MOMENTS_A_LOOK": 0}],
    ids=["too many for once", "too many to look around each", "more than of the others"],
)
def test_the_same_hits_however_many_there_are(
    filled: Archive, query: str, limits: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, limit in {"nearness._RARE": -1, **limits}.items():
        monkeypatch.setattr(f"gateway.search.{name}", limit)
    check(filled, query, limit=4)


def check(filled: Archive, query: str, limit: int) -> None:
    """All pages against the flat search."""
    found = groups(filled, query, limit=limit)
    with filled.database.read() as session:
        flat = list(all_hits(session, query, Scope.everything()))
    assert {item.recording_id: item.hit_count for item in found} == Counter(hit.recording_id for hit in flat)
    assert [(item.started_at, item.recording_id) for item in found] == sorted(
        ((item.started_at, item.recording_id) for item in found), reverse=True
    )
    for item in found:
        own = [hit for hit in flat if hit.recording_id == item.recording_id]
        assert item.best == own[0]
        assert [(tick.offset_ms, tick.match) for tick in item.offsets_ms] == sorted(
            (hit.offset_ms, hit.match) for hit in own
        )


def test_the_strip_holds_the_first_moments_and_the_count_all(archive: Archive) -> None:
    archive.add("r", [Line(f"root {at}", at * 1000, at * 1000 + 500) for at in range(MAX_TICKS + 50)])
    (item,) = groups(archive, "root")
    assert item.hit_count == MAX_TICKS + 50
    assert [tick.offset_ms for tick in item.offsets_ms] == [at * 1000 for at in range(MAX_TICKS)]
    assert item.best.match is Match.EXACT
    assert item.best.offset_ms == (MAX_TICKS + 49) * 1000


def test_what_the_asker_may_not_see_is_neither_found_nor_counted(filled: Archive) -> None:
    assert groups(filled, "sudo", scope=Scope(frozenset())) == []
    (only,) = groups(filled, "sudo", scope=Scope.everything("r03"))
    assert (only.recording_id, only.hit_count) == ("r03", 4)
    with filled.database.read() as session:
        answer = search_recordings(session, "sudo", Scope(frozenset({"a target"})))
    assert (answer.items, answer.recordings_searched) == ([], 0)
