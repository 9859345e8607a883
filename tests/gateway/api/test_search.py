"""GET /api/search: hits, messages, and what the audit trail keeps of it."""

from typing import Any

import pytest
from sqlmodel import select

from gateway.api.search import endpoints
from gateway.audit import AuditTag
from gateway.core.policy.access import Role
from gateway.core.recording.kinds import KINDS
from gateway.core.recording.states import SpanSource
from gateway.db.database import Database
from gateway.db.models import AuditEvent
from gateway.settings import Settings
from tests.gateway.api.conftest import Client
from tests.gateway.search.conftest import Archive, Line


def test_hits_with_everything_the_page_shows(client: Client, database: Database) -> None:
    Archive(database).add("r", [Line("<b>sudo</b> cat /etc/shadow", 1500, 2500), "Sud0 again"])
    answer = client(Role.AUDITOR).get("/api/search", params={"q": "sudo"})
    assert answer.status_code == 200
    exact, tolerant = answer.json()["items"]
    assert exact["snippet"] == [
        {"text": "<b>", "marked": False},
        {"text": "sudo", "marked": True},
        {"text": "</b> cat /etc/shadow", "marked": False},
    ]
    assert (exact["recording_id"], exact["offset_ms"], exact["match"]) == ("r", 1500, "exact")
    assert exact["at"].startswith("2026-10-01T08:00:01.5")
    assert exact["place"] == {"kind": "box", "x": 0, "y": 10, "width": 216, "height": 16}
    assert tolerant["match"] == "tolerant"
    assert answer.json()["recordings_searched"] == 1
    assert answer.json()["coverage"] == {
        "recordings": 1,
        "unread_recordings": 0,
        "screen_seconds": 0.0,
        "read_seconds": 0.0,
        "read_share": None,
    }


def test_pages_by_cursor_and_one_recording(client: Client, database: Database) -> None:
    archive = Archive(database)
    archive.add("r", [Line(f"root {at}", at) for at in range(3)])
    archive.add("s", ["root elsewhere"])
    auditor = client(Role.AUDITOR)
    first = auditor.get("/api/search", params={"q": "root", "recording_id": "r", "limit": 2}).json()
    rest = auditor.get(
        "/api/search", params={"q": "root", "recording_id": "r", "limit": 2, "cursor": first["next_cursor"]}
    ).json()
    assert [item["text"] for item in first["items"] + rest["items"]] == ["root 2", "root 1", "root 0"]
    assert rest["next_cursor"] is None


def test_a_bad_query_is_answered_with_a_message(client: Client) -> None:
    auditor = client(Role.AUDITOR)
    for q in ["", "-x", "before:x y", '"', "a" * 4000, "NEAR/ x"]:
        answer = auditor.get("/api/search", params={"q": q})
        assert answer.status_code == 200, q[:20]
        assert answer.json()["items"] == []
        assert answer.json()["message"]
        assert answer.json()["is_refused"]


def test_each_search_is_an_audit_event(client: Client, database: Database) -> None:
    client(Role.AUDITOR).get("/api/search", params={"q": "password", "recording_id": "some-recording"})
    with database.read() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.RECORDINGS_SEARCHED)).one()
    assert (event.actor_name, event.subject_id) == ("auditor", "some-recording")
    assert event.details == {"query": "password", "hit_count": 0, "recording_ids": [], "is_first_page": True}


def test_operators_may_not_search(client: Client) -> None:
    assert client(Role.OPERATOR).get("/api/search", params={"q": "root"}).status_code == 403


def test_hits_by_recording_with_everything_the_page_shows(client: Client, database: Database) -> None:
    archive = Archive(database)
    archive.add("r", [Line("sudo ls", 1500, 2500), Line("sud0", 4000, 5000)])
    archive.add("s", ["nothing"])
    auditor = client(Role.AUDITOR)
    answer = auditor.get("/api/search/recordings", params={"q": "sudo"}).json()
    (item,) = answer.pop("items")
    moments = auditor.get("/api/search", params={"q": "sudo"}).json()
    assert answer == {
        "next_cursor": None,
        "recordings_searched": 2,
        "coverage": moments["coverage"],
        "message": None,
        "is_refused": False,
    }
    assert item.pop("best") == moments["items"][0]
    assert item == {
        "recording_id": "r",
        "recording_kind": "desktop",
        "operator_name": "alice",
        "target_name": "web-1",
        "protocol": "vnc",
        "started_at": "2026-10-01T08:00:00Z",
        "duration_ms": None,
        "hit_count": 2,
        "offsets_ms": [{"offset_ms": 1500, "match": "exact"}, {"offset_ms": 4000, "match": "tolerant"}],
    }
    with database.read() as session:
        first = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.RECORDINGS_SEARCHED)).first()
    assert first is not None
    assert first.details == {"query": "sudo", "hit_count": 2, "recording_ids": ["r"], "is_first_page": True}


def test_bad_queries_and_cursors_of_the_grouped_search(client: Client) -> None:
    auditor = client(Role.AUDITOR)
    bad = auditor.get("/api/search/recordings", params={"q": "-x"}).json()
    assert (bad["items"], bad["message"]) == ([], "say what to find, not only what to leave out")
    assert bad["is_refused"]
    for cursor in ("nonsense", "MjAyNi0wMS0wMXxpNQ==", "OTk5OS0xMi0zMVQyMzo1OS0yMzowMHxzeA=="):
        answer = auditor.get("/api/search/recordings", params={"q": "x", "cursor": cursor})
        assert answer.status_code == 422, cursor


def test_the_sources_are_those_of_the_kinds_of_recordings(client: Client) -> None:
    items = client(Role.AUDITOR).get("/api/search/sources").json()["items"]
    assert {(item["name"], kind) for item in items for kind in item["kinds"]} == {
        (source.value, kind.name) for kind in KINDS.values() for source in kind.sources
    }


@pytest.mark.parametrize("source", sorted({source for kind in KINDS.values() for source in kind.sources}))
def test_every_source_can_be_searched_alone(client: Client, database: Database, source: SpanSource) -> None:
    Archive(database).add("r", [Line("sudo", at, at + 1, one) for at, one in enumerate(SpanSource)])
    answer = client(Role.AUDITOR).get("/api/search", params={"q": f"{source}:sudo"}).json()
    assert [(item["source"], item["recording_kind"]) for item in answer["items"]] == [(source, "desktop")]


@pytest.mark.parametrize(("path", "name"), [("/api/search", "search"), ("/api/search/recordings", "find_recordings")])
def test_others_can_write_while_somebody_searches(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str, name: str
) -> None:
    """SQLite has one writer: a recorder that cannot write loses its session."""
    other, find = Database(settings.database, busy_seconds=0.1), getattr(endpoints, name)

    def slow(*arguments: Any, **options: Any) -> Any:
        with other.write() as session:
            session.connection()  # takes the write lock
            return find(*arguments, **options)

    monkeypatch.setattr(endpoints, name, slow)
    assert client(Role.AUDITOR).get(path, params={"q": "root"}).status_code == 200
    other.close()
