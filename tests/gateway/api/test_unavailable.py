"""The database locked, full or gone: 503 with Retry-After and one line in the log, everywhere; then all goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text

from gateway import app as application
from gateway.core.policy.access import Role
from gateway.db.database import Database
from gateway.settings import Settings
from tests.gateway.api.conftest import PASSWORD, Client

CREDENTIALS = {"username": "operator", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_BUSY_SECONDS", 0.2)


@contextmanager
def locked(database: Database, settings: Settings) -> Iterator[None]:
    if database.is_sqlite:
        other = sqlite3.connect(settings.data_dir / "reelgate.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        return
    with database.engine.connect() as connection:
        connection.execute(text("LOCK TABLE sign_in_attempts, tickets, audit_events IN ACCESS EXCLUSIVE MODE"))
        yield


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
def test_a_locked_database_is_said_so_and_read_all_the_same(
    client: Client, database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    admin, stranger = client(Role.ADMIN), client(None)
    target = {"name": "desk", "protocol": "vnc", "host": "desk.example", "port": 5900}
    target_id = admin.post("/api/targets", json=target).json()["id"]
    caplog.clear()
    with locked(database, settings):
        ticket = admin.post(f"/api/targets/{target_id}/tickets")
        signing_in = stranger.post("/api/auth/sign-in", json=CREDENTIALS)
        assert admin.get("/api/recordings").status_code == 200
    for answer in (ticket, signing_in):
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "try again" in answer.json()["detail"]
    said = [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]
    assert ["storage.unavailable" in record.getMessage() for record in said] == [True, True]
    assert not any(record.exc_info for record in said)
    assert stranger.post("/api/auth/sign-in", json=CREDENTIALS).status_code == 200
    assert admin.post(f"/api/targets/{target_id}/tickets").status_code == 201


def test_a_full_disk_is_said_so(client: Client, database: Database) -> None:
    stranger = client(None)

    def full(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]  # means: no more than there are

    names = [{"username": f"name-{n}" * 5, "password": "wrong"} for n in range(50)]
    event.listen(database.engine, "begin", full)
    answers = {stranger.post("/api/auth/sign-in", json=one).status_code for one in names}
    event.remove(database.engine, "begin", full)
    assert 503 in answers
    assert answers <= {401, 429, 503}


def test_a_database_that_is_gone_is_said_so(client: Client, settings: Settings, database: Database) -> None:
    admin = client(Role.ADMIN)
    database.engine.dispose()
    moved = settings.data_dir / "elsewhere"
    path = settings.data_dir / "reelgate.db"
    path.rename(moved)
    path.mkdir()  # cannot be opened, and is not made anew
    try:
        answers = [
            admin.get("/api/recordings"),
            admin.get("/api/auth/me"),
            admin.post("/api/auth/sign-in", json=CREDENTIALS),
        ]
        assert admin.get("/health").json()["status"] == "failing"
    finally:
        path.rmdir()
        moved.rename(path)
    assert [answer.status_code for answer in answers] == [503] * 3
    assert admin.get("/api/recordings").status_code == 200


def test_a_mistake_of_ours_is_not_passed_off_as_an_outage(app: FastAPI, database: Database, tmp_path: Path) -> None:
    assert tmp_path
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sign_ins RENAME TO elsewhere")
    with TestClient(app, base_url="http://gate.test", raise_server_exceptions=False) as client:
        client.cookies.set("reelgate_sign_in", "any")
        assert client.get("/api/auth/me").status_code == 500
