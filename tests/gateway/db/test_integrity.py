"""Damage to the database's file is found by a check of the whole file, before anyone reads the damaged page."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from gateway.db.database import Database
from gateway.db.integrity import Integrity, read_tables
from gateway.db.migrate import upgrade
from tests.parts.damaged import spoil_table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    upgrade(f"sqlite:///{tmp_path}/r.db")
    return tmp_path / "r.db"


def damage_of(file: Path) -> str | None:
    """What a check finds, after which what is not damaged still answers."""
    integrity, database = Integrity(), Database(f"sqlite:///{file}")
    integrity.check(database)
    with database.read() as session:
        session.connection().execute(text("SELECT count(*) FROM users"))
    database.close()
    return integrity.damage


def test_a_whole_file_is_sound_and_a_damaged_page_is_reported(file: Path) -> None:
    assert damage_of(file) is None
    spoil_table(file, "findings")
    assert damage_of(file)


def test_pages_that_are_cached_hide_no_damage(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    with database.read() as session:
        assert session.connection().execute(text("SELECT count(*) FROM recordings")).scalar_one() == 0
    read_tables(database)
    spoil_table(file, "recordings")
    integrity = Integrity()
    integrity.check(database)
    assert integrity.damage
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        read_tables(database)
    database.close()


def test_the_tables_are_read_on_postgresql_too(empty_postgres_url: str) -> None:
    upgrade(empty_postgres_url)
    database = Database(empty_postgres_url)
    read_tables(database)
    with database.write() as session:
        session.connection().execute(text("DROP TABLE tickets"))
    with pytest.raises(SQLAlchemyError):
        read_tables(database)
    database.close()


def test_it_is_checked_at_the_start_and_again(file: Path) -> None:
    async def until_checked_twice(database: Database) -> Integrity:
        twice, loop = asyncio.Event(), asyncio.get_running_loop()

        class Counting(Integrity):
            count = 0

            def check(self, database: Database) -> None:
                super().check(database)
                self.count += 1
                if self.count == 2:
                    loop.call_soon_threadsafe(twice.set)

        integrity = Counting()
        checking = asyncio.create_task(integrity.keep_checking(database, 0.01))
        async with asyncio.timeout(30):
            await twice.wait()
        checking.cancel()
        return integrity

    database = Database(f"sqlite:///{file}")
    assert asyncio.run(until_checked_twice(database)).damage is None
    database.close()
