"""The indexes on a server that gives less than all rights, and rows that change in place."""

import secrets

import pytest
from sqlalchemy import make_url, text, update

from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.db.models import SpanText
from gateway.search import Match
from tests.gateway.search.conftest import Archive


@pytest.fixture
def limited_url(empty_postgres_url: str) -> str:
    """A database of which the account may fill the schema, but in which it may install nothing."""
    name, password = f"limited_{secrets.token_hex(4)}", secrets.token_hex(8)
    owner = Database(empty_postgres_url)
    with owner.write() as session:
        session.connection().execute(text(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'"))
        session.connection().execute(text(f"GRANT CREATE, USAGE ON SCHEMA public TO {name}"))
    owner.close()
    return make_url(empty_postgres_url).set(username=name, password=password).render_as_string(hide_password=False)


def test_without_pg_trgm_tolerant_hits_are_found_all_the_same(limited_url: str) -> None:
    upgrade(limited_url)
    database = Database(limited_url)
    with database.read() as session:
        extensions = session.connection().execute(text("SELECT extname FROM pg_extension")).scalars().all()
    archive = Archive(database)
    archive.add("r", ["passw0rd"])
    (hit,) = archive.ask("password").hits
    database.close()
    assert "pg_trgm" not in extensions
    assert hit.match is Match.TOLERANT


def test_an_index_follows_rows_that_change_in_place(archive: Archive) -> None:
    archive.add("r", ["old words"])
    with archive.database.write() as session:
        session.connection().execute(update(SpanText).values(tokens="new words", folded="nevvvvords"))
    assert (archive.texts("new"), archive.texts("old")) == (["old words"], [])
