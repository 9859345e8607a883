"""Watch terms over HTTP: rules, messages, what is sent to the workers and what the audit trail keeps."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from gateway.api.watch_terms import service
from gateway.api.watch_terms.schemas import WatchTermNew
from gateway.audit import Actor, AuditTag
from gateway.core.policy.access import Role
from gateway.core.work import TASK_RUN, WorkState
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Recording, Task, User
from gateway.db.repositories import tasks, watch_terms
from gateway.keys.site import open_database
from gateway.search import prepare_spans, write_spans
from gateway.search.watch import watch
from gateway.settings import Settings
from tests.gateway.api.conftest import Client
from tests.gateway.search.conftest import Archive
from tests.parts.database import upgrade


@pytest.fixture
def sent(app: FastAPI, database: Database) -> list[tuple[str, ...]]:
    """Jobs that left."""
    assert database
    jobs: list[tuple[str, ...]] = []
    app.state.gateway = replace(app.state.gateway, send_job=lambda *job: jobs.append(job))
    return jobs


def events(database: Database, tag: AuditTag) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.tag == tag)))


def backlog_of(session: Session, term_id: str) -> Task:
    """The newest task to run it over everything."""
    return tasks.get(session, watch_terms.get(session, term_id).backlog_id or "", lock=True)


def test_a_term_is_added_and_listed_with_its_counts(client: Client, database: Database) -> None:
    auditor = client(Role.AUDITOR)
    answer = auditor.post("/api/watch_terms", json={"name": " Root ", "query": "sudo OR su"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["created_by_name"], made["backlog"]) == ("Root", "An auditor", None)
    Archive(database).add("r", ["sudo reboot"])
    with database.write() as session:
        watch(session, "r")
    (listed,) = client(Role.COMPLIANCE).get("/api/watch_terms").json()["items"]
    assert listed == made | {"finding_count": 1, "open_count": 1}
    (event,) = events(database, AuditTag.WATCH_TERM_CREATED)
    assert (event.subject_id, event.details) == (made["id"], {"name": "Root", "query": "sudo OR su"})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "nothing to search for: a query needs at least one word"),
        ("before:x y", "before: needs a date or time, like before:2026-10-01 or before:2026-10-01T08:30"),
        ("a" * 1001, "the query is too long; at most 1000 characters are allowed"),
    ],
)
def test_a_bad_query_is_refused_with_what_to_write_instead(client: Client, query: str, message: str) -> None:
    auditor = client(Role.AUDITOR)
    made = auditor.post("/api/watch_terms", json={"name": "good", "query": "sudo"}).json()
    for answer in (
        auditor.post("/api/watch_terms", json={"name": "bad", "query": query}),
        auditor.patch(f"/api/watch_terms/{made['id']}", json={"query": query}),
    ):
        assert (answer.status_code, answer.json()) == (422, {"detail": message})
    (listed,) = auditor.get("/api/watch_terms").json()["items"]
    assert listed["query"] == "sudo"


def test_a_name_is_there_once(client: Client) -> None:
    auditor = client(Role.AUDITOR)
    auditor.post("/api/watch_terms", json={"name": "one", "query": "sudo"})
    other = auditor.post("/api/watch_terms", json={"name": "two", "query": "sudo"}).json()
    assert auditor.post("/api/watch_terms", json={"name": "one", "query": "x"}).status_code == 409
    assert auditor.patch(f"/api/watch_terms/{other['id']}", json={"name": "one"}).status_code == 409
    assert auditor.patch(f"/api/watch_terms/{other['id']}", json={"name": "two"}).status_code == 200


def test_disabling_and_enabling(client: Client, database: Database) -> None:
    auditor = client(Role.AUDITOR)
    path = f"/api/watch_terms/{auditor.post('/api/watch_terms', json={'name': 'n', 'query': 'q'}).json()['id']}"
    off = auditor.patch(path, json={"disabled": True}).json()["disabled_at"]
    assert off is not None
    assert auditor.patch(path, json={"disabled": True}).json()["disabled_at"] == off
    assert auditor.post(f"{path}/backlog").json() == {"detail": "the watch term is disabled; enable it first"}
    assert auditor.patch(path, json={"disabled": False}).json()["disabled_at"] is None
    assert [event.details for event in events(database, AuditTag.WATCH_TERM_CHANGED)] == [
        {"disabled": True},
        {"disabled": True},
        {"disabled": False},
    ]


def test_a_new_term_can_look_through_the_recordings_there_are(
    client: Client, database: Database, sent: list[tuple[str, ...]]
) -> None:
    Archive(database).add("r", ["sudo"])
    auditor = client(Role.AUDITOR)
    assert auditor.get("/api/watch_terms").json()["recording_count"] == 1
    made = auditor.post("/api/watch_terms", json={"name": "n", "query": "sudo", "backlog": True}).json()
    assert made["backlog"] == {"state": "pending", "error": None, "done_count": 0, "total_count": 1}
    with database.read() as session:
        assert sent == [(TASK_RUN, backlog_of(session, made["id"]).id)]
    assert [event.subject_id for event in events(database, AuditTag.WATCH_TERM_BACKLOG_ASKED)] == [made["id"]]


def test_a_backlog_is_a_task_placed_once(client: Client, database: Database, sent: list[tuple[str, ...]]) -> None:
    Archive(database).add("r", ["sudo"])
    auditor = client(Role.AUDITOR)
    term_id = auditor.post("/api/watch_terms", json={"name": "n", "query": "sudo"}).json()["id"]
    answer = auditor.post(f"/api/watch_terms/{term_id}/backlog")
    assert answer.json()["backlog"] == {"state": "pending", "error": None, "done_count": 0, "total_count": 1}
    assert auditor.post(f"/api/watch_terms/{term_id}/backlog").status_code == 409
    assert [event.subject_id for event in events(database, AuditTag.WATCH_TERM_BACKLOG_ASKED)] == [term_id]
    with database.write() as session:
        task = backlog_of(session, term_id)
        task.state = WorkState.DONE
    assert sent == [(TASK_RUN, task.id)]
    assert auditor.post(f"/api/watch_terms/{term_id}/backlog").json()["backlog"]["state"] == "pending"
    with database.read() as session:
        assert backlog_of(session, term_id).id != task.id


def test_a_new_query_begins_the_backlog_anew_and_disabling_stops_it(
    client: Client, database: Database, sent: list[tuple[str, ...]]
) -> None:
    auditor = client(Role.AUDITOR)
    term_id = auditor.post("/api/watch_terms", json={"name": "n", "query": "sudo"}).json()["id"]
    path = f"/api/watch_terms/{term_id}"
    auditor.post(f"{path}/backlog")
    with database.write() as session:
        first = backlog_of(session, term_id)
        first.state, first.lease_owner = WorkState.RUNNING, "elsewhere:1:1"
        first.result = first.result | {"cursor": "r5", "done_count": 5}
    changed = auditor.patch(path, json={"query": "su"}).json()
    assert (changed["query"], changed["backlog"]["state"], changed["backlog"]["done_count"]) == ("su", "pending", 0)
    with database.read() as session:
        assert tasks.get(session, first.id).error == "stopped: the query was changed"
        assert backlog_of(session, term_id).parameters == {"watch_term_id": term_id, "query": "su"}
    stopped = auditor.patch(path, json={"disabled": True}).json()["backlog"]
    assert (stopped["state"], stopped["error"]) == ("failed", "stopped: the watch term was disabled")
    assert len(sent) == 2


def test_a_new_term_waits_for_index_stages_that_are_just_ending(postgres_url: str, tmp_path: Path) -> None:
    upgrade(postgres_url)
    database = open_database(Settings.model_validate({"data_dir": tmp_path, "database_url": postgres_url}))
    Archive(database).add("r", [])
    with database.write() as session:
        user = User(username="ann", display_name="Ann", role=Role.AUDITOR, password_hash="x")
        session.add(user)
    with database.write() as indexing, database.write() as creating:
        write_spans(indexing, prepare_spans(indexing.get_one(Recording, "r"), []))
        creating.connection().execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            service.create(creating, WatchTermNew(name="n", query="q"), user, Actor("ann"))
        creating.rollback()
    with database.write() as session:
        service.create(session, WatchTermNew(name="n", query="q"), user, Actor("ann"))
    database.close()
