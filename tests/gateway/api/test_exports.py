"""Exports: ordered, listed, fetched; links used by nobody but who has them, as often and as long as was said."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from gateway.audit import AuditTag
from gateway.context import GatewayState
from gateway.core.policy.access import Role
from gateway.core.recording.layout import KEYFRAMES, SPANS, VIDEO
from gateway.core.recording.states import RecordingState
from gateway.core.work import WorkState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Export, ExportLink, Recording, Rendition, Task
from gateway.exports import files, remove_exports
from gateway.exports.attempts import MAX_ATTEMPTS
from tests.gateway.api.conftest import Client

CONTENT = b"PK the file of an export" * 9000
NAME = "reelgate-bundle-20260304-050607-0000.zip"


@pytest.fixture
def recording(database: Database, app: FastAPI) -> Recording:
    """Sealed, rendered and read as far as rows tell; with a data key."""
    state: GatewayState = app.state.gateway
    row = Recording(
        folder="recordings/r",
        target_name="lab",
        operator_name="olga",
        state=RecordingState.SEALED,
        duration_ms=60_000,
        digest="d" * 64,
    )
    with database.write() as session:
        session.add(row)
        session.flush()
        state.keys.data.create(session, row.id)
        for name in (VIDEO, KEYFRAMES, SPANS):
            session.add(
                Rendition(
                    recording_id=row.id,
                    name=name,
                    size_bytes=1,
                    sha256="0",
                    stored_bytes=1,
                    stored_sha256="0",
                    engine="test",
                )
            )
    return row


@pytest.fixture
def cora(client: Client) -> TestClient:
    return client(Role.COMPLIANCE)


@pytest.fixture
def finished(app: FastAPI, database: Database, cora: TestClient, recording: Recording) -> str:
    """Id of an export whose file is there, as a worker leaves it."""
    state: GatewayState = app.state.gateway
    answer = requested(cora, recording, kind="bundle")
    assert answer.status_code == 201, answer.text
    export_id = str(answer.json()["id"])
    path = state.settings.data_dir / "made"
    with database.read() as session:
        key = state.keys.data.of(session, recording.id)
    files.write([CONTENT], path, key, export_id, NAME)
    with database.write() as session:
        files.put(state.settings, path, export_id, NAME)
        export = session.get_one(Export, export_id)
        export.name, export.size_bytes, export.sha256 = NAME, len(CONTENT), sha256(CONTENT).hexdigest()
        task = session.get_one(Task, export.task_id)
        task.state, task.progress = WorkState.DONE, 1.0
        session.add_all([export, task])
    return export_id


def requested(client: TestClient, recording: Recording, **body: Any) -> Any:
    return client.post(f"/api/recordings/{recording.id}/exports", json=body)


def link(client: TestClient, export_id: str, **body: Any) -> Any:
    return client.post(f"/api/exports/{export_id}/links", json={"recipient": "the court", **body})


def secret_of(answer: Any) -> str:
    assert answer.status_code == 201, answer.text
    return str(urlsplit(answer.json()["path"]).fragment)


def download(client: TestClient, secret: str) -> Any:
    return client.post("/api/export_links/download", data={"secret": secret}, follow_redirects=False)


def look(client: TestClient, secret: str) -> dict[str, Any]:
    answer = client.post("/api/export_links/describe", json={"secret": secret})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def events(database: Database, *tags: AuditTag) -> list[AuditEvent]:
    with database.read() as session:
        found = select(AuditEvent).where(col(AuditEvent.tag).in_([tag.value for tag in tags]))
        return list(session.exec(found.order_by(col(AuditEvent.id))))


def change(database: Database, change: Callable[[Session], None]) -> None:
    with database.write() as session:
        change(session)


# ---- tasks


def test_a_task_is_placed_listed_and_audited_without_what_is_to_be_covered(
    cora: TestClient, recording: Recording, database: Database
) -> None:
    body = {"kind": "redacted", "terms": ["hunter2"], "regions": [{"x": 1, "y": 2, "width": 3, "height": 4}]}
    answer = requested(cora, recording, **body, keep_days=3)
    assert answer.status_code == 201, answer.text
    export = answer.json()
    assert (export["state"], export["kind"], export["created_by_name"]) == ("pending", "redacted", "compliance")
    assert (export["requested"]["term_count"], export["requested"]["region_count"]) == (1, 1)
    [event] = events(database, AuditTag.EXPORT_REQUESTED)
    assert (event.subject_id, event.details["export_id"], event.details["term_count"]) == (
        recording.id,
        export["id"],
        1,
    )
    for listing in ("/api/exports", f"/api/recordings/{recording.id}/exports"):
        shown = cora.get(listing)
        assert [row["id"] for row in shown.json()["items"]] == [export["id"]]
        assert "hunter2" not in shown.text
    assert "hunter2" not in answer.text
    assert "hunter2" not in str(event.details)
    assert requested(cora, recording, **body, keep_days=3).json()["id"] == export["id"], "it is being made"
    assert len(events(database, AuditTag.EXPORT_REQUESTED)) == 1


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "clip"}, "a beginning and an end"),
    ({"kind": "clip", "start_ms": 5, "end_ms": 5}, "end after the beginning"),
    ({"kind": "clip", "start_ms": 60_000, "end_ms": 60_001}, "ends at 60000 ms"),
    ({"kind": "bundle", "start_ms": 1}, "whole recording"),
    ({"kind": "bundle", "query": "before:soon"}, "needs a date or time"),
    ({"kind": "clip", "end_ms": 5, "query": "a"}, "only a bundle"),
    ({"kind": "bundle", "terms": ["a"]}, "redacted copies"),
    ({"kind": "redacted"}, "nothing to redact"),
    ({"kind": "redacted", "patterns": ["(a"]}, "RE2"),
    ({"kind": "redacted", "terms": ["--"]}, "no letter"),
    ({"kind": "redacted", "regions": [{"x": 1, "y": 1, "width": 0, "height": 5}]}, "a width and a height"),
    ({"kind": "redacted", "min_confidence": 2}, "less than or equal to 1"),
    ({"kind": "everything"}, "'bundle', 'clip' or 'redacted'"),
    ({"kind": "bundle", "keep_days": 0}, "greater than 0"),
]


def test_what_cannot_be_made_is_refused_with_its_reason(
    cora: TestClient, recording: Recording, database: Database
) -> None:
    for body, said in REFUSED:
        answer = requested(cora, recording, **body)
        assert answer.status_code == 422, (body, answer.text)
        assert said in answer.text, body
    assert not events(database, AuditTag.EXPORT_REQUESTED)


def test_a_refusal_names_the_field(cora: TestClient, recording: Recording) -> None:
    refused: dict[str, dict[str, Any]] = {
        "end_ms": {"kind": "clip"},
        "start_ms": {"kind": "clip", "start_ms": 60_000, "end_ms": 60_001},
        "query": {"kind": "bundle", "query": "before:soon"},
        "terms": {"kind": "redacted", "terms": ["--"]},
        "patterns": {"kind": "redacted", "patterns": ["(a"]},
        "regions": {"kind": "redacted", "regions": [{"x": 1, "y": 1, "width": 0, "height": 5}]},
    }
    named = {field: requested(cora, recording, **body).json()["field"] for field, body in refused.items()}
    assert named == {field: field for field in refused}


def test_a_recording_that_has_nothing_to_export_says_why(
    cora: TestClient, recording: Recording, database: Database
) -> None:
    for state, said in ((RecordingState.OPEN, "not sealed"), (RecordingState.PURGED, "purged")):
        change(database, lambda session, state=state: set_state(session, recording.id, state))  # type: ignore[misc]
        answer = requested(cora, recording, kind="bundle")
        assert answer.status_code in {409, 410}
        assert said in answer.text


def set_state(session: Session, recording_id: str, state: RecordingState) -> None:
    row = session.get_one(Recording, recording_id)
    row.state = state
    session.add(row)


# ---- files


def test_the_file_is_fetched_whole_or_in_part_and_each_time_audited(
    cora: TestClient, finished: str, recording: Recording, database: Database
) -> None:
    answer = cora.get(f"/api/exports/{finished}/file")
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-disposition"] == f'attachment; filename="{NAME}"'
    part = cora.get(f"/api/exports/{finished}/file", headers={"Range": "bytes=70000-70009"})
    assert (part.status_code, part.content) == (206, CONTENT[70000:70010])
    head = cora.head(f"/api/exports/{finished}/file")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(CONTENT)))
    found = events(database, AuditTag.EXPORT_DOWNLOADED)
    assert [(event.subject_id, event.details["export_id"]) for event in found] == [(recording.id, finished)] * 2


def test_what_is_not_finished_or_gone_is_not_there(
    cora: TestClient, finished: str, recording: Recording, database: Database, app: FastAPI
) -> None:
    pending = requested(cora, recording, kind="bundle", query="a").json()["id"]
    assert cora.get(f"/api/exports/{pending}/file").status_code == 404
    assert link(cora, pending).status_code == 409
    settings = app.state.gateway.settings
    change(database, lambda session: assert_one(remove_exports(settings, session, recording.id)))
    assert cora.get(f"/api/exports/{finished}/file").status_code == 404
    assert link(cora, finished).status_code == 409
    assert not events(database, AuditTag.EXPORT_DOWNLOADED)


def assert_one(count: int) -> None:
    assert count == 1


# ---- links


def test_a_link_gives_the_file_to_somebody_without_an_account(
    cora: TestClient, anonymous: TestClient, finished: str, recording: Recording, database: Database
) -> None:
    made = link(cora, finished, hours=5, use_limit=2)
    secret = secret_of(made)
    assert urlsplit(made.json()["path"]).path == "/download"
    shown = look(anonymous, secret)
    assert (shown["problem"], shown["name"], shown["uses_left"]) == (None, NAME, 2)
    assert shown["sha256"] == sha256(CONTENT).hexdigest()
    answer = download(anonymous, secret)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert NAME in answer.headers["content-disposition"]
    [event] = events(database, AuditTag.EXPORT_LINK_USED)
    assert (event.subject_id, event.address) == (recording.id, "testclient")
    assert event.details["recipient"] == "the court"
    assert event.details["use_count"] == 1
    [listed] = cora.get("/api/exports").json()["items"]
    assert [(row["use_count"], row["problem"]) for row in listed["links"]] == [(1, None)]


def test_the_secret_is_told_once_and_kept_nowhere(
    cora: TestClient, anonymous: TestClient, finished: str, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = secret_of(link(cora, finished))
    download(anonymous, secret)
    download(anonymous, secret + "x")
    assert secret not in cora.get("/api/exports").text
    with database.read() as session:
        rows = [*session.exec(select(ExportLink)), *session.exec(select(AuditEvent))]
    assert secret not in str(rows)
    captured = capsys.readouterr()
    assert secret not in captured.out + captured.err


def test_a_link_ends_with_its_uses(cora: TestClient, anonymous: TestClient, finished: str, database: Database) -> None:
    secret = secret_of(link(cora, finished, use_limit=1))
    assert download(anonymous, secret).status_code == 200
    answer = download(anonymous, secret)
    assert (answer.status_code, answer.headers["location"]) == (303, "/download?problem=used_up")
    assert look(anonymous, secret)["problem"] == "used_up"
    assert [event.details["problem"] for event in events(database, AuditTag.EXPORT_LINK_REFUSED)] == ["used_up"]


def test_a_link_ends_when_it_is_revoked(
    cora: TestClient, anonymous: TestClient, finished: str, database: Database
) -> None:
    made = link(cora, finished)
    answer = cora.delete(f"/api/exports/{finished}/links/{made.json()['id']}")
    assert (answer.status_code, answer.json()["problem"]) == (200, "revoked")
    assert download(anonymous, secret_of(made)).headers["location"] == "/download?problem=revoked"
    cora.delete(f"/api/exports/{finished}/links/{made.json()['id']}")
    assert len(events(database, AuditTag.EXPORT_LINK_REVOKED)) == 1
    assert cora.delete(f"/api/exports/{finished}/links/none").status_code == 404


def test_a_link_ends_with_its_time_and_never_after_the_file(
    cora: TestClient, anonymous: TestClient, finished: str, database: Database
) -> None:
    made = link(cora, finished, hours=24 * 300)
    assert made.json()["expires_at"] == cora.get("/api/exports").json()["items"][0]["expires_at"]

    def expire(session: Session) -> None:
        row = session.exec(select(ExportLink)).one()
        row.expires_at = utc_now() - timedelta(seconds=1)
        session.add(row)

    change(database, expire)
    secret = secret_of(made)
    assert look(anonymous, secret) == look(anonymous, secret) | {"problem": "expired", "name": None, "recipient": None}
    assert download(anonymous, secret).headers["location"] == "/download?problem=expired"


def test_a_secret_that_was_never_given_opens_nothing(anonymous: TestClient, finished: str) -> None:
    assert finished
    for secret in ("", "guess", "a" * 200, "\N{SNOWMAN}", "a&secret=b&secret=c"):
        assert look(anonymous, secret)["problem"] == "unknown"
        assert download(anonymous, secret).headers["location"] == "/download?problem=unknown"
    for body in (b"\xff\xfe", b"secret=" + b"a" * 5000, b"secret=a&" * 50):
        answer = anonymous.post("/api/export_links/download", content=body, follow_redirects=False)
        assert answer.headers["location"] == "/download?problem=unknown"


def test_forms_of_other_sites_are_refused(cora: TestClient, anonymous: TestClient, finished: str) -> None:
    secret = secret_of(link(cora, finished))
    for origin in ("https://elsewhere.example", "null"):
        answer = anonymous.post("/api/export_links/download", data={"secret": secret}, headers={"Origin": origin})
        assert answer.status_code == 403
    own = anonymous.post("/api/export_links/download", data={"secret": secret}, headers={"Origin": "http://gate.test"})
    assert own.status_code == 200


def test_too_many_tries_have_to_wait(anonymous: TestClient) -> None:
    answers = [download(anonymous, f"guess {number}") for number in range(MAX_ATTEMPTS + 1)]
    assert answers[MAX_ATTEMPTS - 1].headers["location"] == "/download?problem=unknown"
    assert answers[MAX_ATTEMPTS].headers["location"] == "/download?problem=busy"
    assert anonymous.post("/api/export_links/describe", json={"secret": "a"}).status_code == 429
