"""The merge of moments gives what comparing every pair gives."""

from hypothesis import given, strategies as st

from gateway.db.database import Database
from gateway.search.moments import Moment, Moments, near
from tests.gateway.search.conftest import Archive, Line

# Short enough that many meet, touch and just miss one another.
_MOMENTS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 60), st.integers(0, 20)), max_size=25)


def in_order(drawn: list[tuple[str, int, int]], first_id: int) -> list[Moment]:
    """As they are read: ids in the order in which they appeared."""
    drawn = sorted(drawn, key=lambda each: each[1])
    return [(recording, start, start + length, first_id + at) for at, (recording, start, length) in enumerate(drawn)]


@given(_MOMENTS, _MOMENTS, st.integers(0, 8))
def test_what_comparing_every_pair_gives(
    hits: list[tuple[str, int, int]], others: list[tuple[str, int, int]], within_ms: int
) -> None:
    moments, around = in_order(hits, 1), in_order(others, 100)
    assert near(moments, around, within_ms) == {
        key
        for recording, start, end, key in moments
        for other, other_start, other_end, _ in around
        if recording == other and other_start <= end + within_ms and other_end >= start - within_ms
    }


@given(_MOMENTS)
def test_each_is_near_itself(drawn: list[tuple[str, int, int]]) -> None:
    moments = in_order(drawn, 1)
    assert near(moments, moments, 0) == {key for *_, key in moments}


def test_they_are_read_in_the_order_of_ids_and_once(archive: Archive, database: Database) -> None:
    archive.add("r", [Line("c", 3000, 3500), Line("a", 1000, 9000), Line("b", 2000, 2100)])
    with database.read() as session:
        moments = Moments(session)
        read = moments.of({hit.span_id for hit in archive.ask("a OR b OR c").hits})
        assert [moment[:3] for moment in read] == [("r", 1000, 9000), ("r", 2000, 2100), ("r", 3000, 3500)]
        assert moments.of([read[2][3], read[0][3]]) == [read[0], read[2]]
