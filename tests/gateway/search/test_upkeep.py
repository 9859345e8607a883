"""After the indexes were put in order everything is found as before, and there is less to go through."""

from sqlalchemy import text

from gateway.db.database import Database
from gateway.search.upkeep import tidy
from tests.gateway.search.conftest import Archive


def unsettled(database: Database) -> int:
    """Segments of both indexes, or pages of new entries (looking puts them in their places)."""
    statement = (
        "SELECT (SELECT count(DISTINCT segid) FROM span_tokens_index_idx)"
        " + (SELECT count(DISTINCT segid) FROM span_folded_index_idx)"
        if database.is_sqlite
        else "SELECT gin_clean_pending_list('ix_span_texts_tokens') + gin_clean_pending_list('ix_span_texts_folded')"
    )
    with database.write() as session:
        count: int = session.connection().execute(text(statement)).scalar_one()
        return count


def test_what_was_added_is_found_before_and_after(archive: Archive) -> None:
    for number in range(6):
        archive.add(f"r{number}", [f"root {number}"])
    before = archive.texts("root")
    tidy(archive.database)
    assert archive.texts("root") == before
    assert len(before) == 6


def test_nothing_is_left_to_do(archive: Archive) -> None:
    tidy(archive.database)
    for number in range(6):
        archive.add(f"r{number}", [f"root {number}"])
    most = 4 if archive.database.is_sqlite else 0  # up to three segments of a level are left as they are
    tidy(archive.database)
    assert unsettled(archive.database) <= 2 * most
    archive.add("r", ["root"])
    assert unsettled(archive.database) > 0
