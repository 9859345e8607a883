"""A full disk is told from any other trouble of the database, in both kinds; nothing stays open after the end."""

import sqlite3
from pathlib import Path

import psycopg.errors
import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import text

from gateway.db.database import Database, is_full


def test_a_full_sqlite_is_told_from_one_that_is_wrong(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/full.db")
    for statement, full in (
        ("INSERT INTO t VALUES (zeroblob(1000000))", True),
        ("INSERT INTO nowhere VALUES (1)", False),
    ):
        with pytest.raises(DBAPIError) as caught, database.write() as session:
            session.connection().execute(text("CREATE TABLE IF NOT EXISTS t (v)"))
            session.connection().execute(text("PRAGMA max_page_count=10"))
            session.connection().execute(text(statement))
        assert is_full(caught.value) is full
    database.close()


def test_a_full_postgresql_is_reported_by_its_code() -> None:
    """The driver's own error, made by hand: a server of its own on a small disk takes longer than this is worth."""
    for cause, full in ((psycopg.errors.DiskFull(), True), (psycopg.errors.DeadlockDetected(), False)):
        assert is_full(DBAPIError("INSERT", {}, cause)) is full
    assert not is_full(DBAPIError("INSERT", {}, sqlite3.OperationalError("another")))


def test_a_server_that_is_cut_off_is_noticed_within_half_a_minute(empty_postgres_url: str) -> None:
    database = Database(empty_postgres_url)
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        asked = driver.info.get_parameters()
    database.close()
    idle, interval, count = (int(asked[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + interval * count <= 30
    assert int(asked["tcp_user_timeout"]) <= 30_000


def test_a_connection_in_use_at_the_end_is_closed_when_it_is_given_back(tmp_path: Path) -> None:
    """A heartbeat or the renewal of a lease may be under way in a thread of its own."""
    database = Database(f"sqlite:///{tmp_path}/closed.db")
    with database.read() as session:
        driver = session.connection().connection.driver_connection
        database.close()
        assert session.connection().execute(text("SELECT 1")).scalar_one() == 1
    assert isinstance(driver, sqlite3.Connection)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")
