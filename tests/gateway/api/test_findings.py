"""Findings over HTTP: what the page shows, and judging."""

import csv
import io

import pytest
from sqlmodel import select

from gateway.audit import AuditTag
from gateway.core.policy.access import Role
from gateway.db.database import Database
from gateway.db.models import AuditEvent
from gateway.search.watch import watch
from tests.gateway.api.conftest import Client
from tests.gateway.search.conftest import Archive, Line


@pytest.fixture
def term_id(client: Client, database: Database) -> str:
    """Of a watch term that found two lines in one recording."""
    made = client(Role.AUDITOR).post("/api/watch_terms", json={"name": "Root", "query": "sudo"}).json()
    Archive(database).add("r", [Line("sudo <b>reboot", 1500, 2500), Line("sud0", 5000, 6000)])
    with database.write() as session:
        watch(session, "r")
    return str(made["id"])


def test_everything_the_page_shows(client: Client, term_id: str) -> None:
    answer = client(Role.COMPLIANCE).get("/api/findings").json()
    tolerant, exact = answer["items"]
    assert answer["next_cursor"] is None
    assert (exact.pop("id"), exact.pop("created_at")) != (None, None)
    assert exact == {
        "watch_term_id": term_id,
        "watch_term_name": "Root",
        "recording_id": "r",
        "recording_kind": "desktop",
        "operator_name": "alice",
        "target_name": "web-1",
        "at": "2026-10-01T08:00:01.500000Z",
        "offset_ms": 1500,
        "end_ms": 2500,
        "text": "sudo <b>reboot",
        "place": {"kind": "box", "x": 0, "y": 10, "width": 112, "height": 16},
        "source": "screen",
        "transfer": None,
        "match": "exact",
        "width": 1280,
        "height": 720,
        "verdict": "open",
        "comment": "",
        "reviewed_by_name": None,
        "reviewed_at": None,
    }
    assert tolerant["match"] == "tolerant"


def test_a_verdict_is_given_listed_and_kept_in_the_audit_trail(
    client: Client, database: Database, term_id: str
) -> None:
    auditor = client(Role.AUDITOR)
    finding = auditor.get("/api/findings").json()["items"][0]
    path = f"/api/findings/{finding['id']}"
    judged = auditor.patch(path, json={"verdict": "confirmed", "comment": "not planned"}).json()
    assert judged["reviewed_at"] is not None
    assert judged == finding | {
        "verdict": "confirmed",
        "comment": "not planned",
        "reviewed_by_name": "An auditor",
        "reviewed_at": judged["reviewed_at"],
    }
    assert auditor.get("/api/findings", params={"verdict": "confirmed"}).json()["items"] == [judged]
    assert [row["text"] for row in auditor.get("/api/findings", params={"verdict": "open"}).json()["items"]] == [
        "sudo <b>reboot"
    ]
    assert auditor.get("/api/watch_terms").json()["items"][0]["open_count"] == 1
    reopened = auditor.patch(path, json={"verdict": "open"}).json()
    assert (reopened["verdict"], reopened["reviewed_by_name"], reopened["reviewed_at"]) == ("open", None, None)
    with database.read() as session:
        first, second = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.FINDING_REVIEWED)).all()
    assert first.subject_id == "r"
    assert first.details == {
        "finding_id": finding["id"],
        "verdict": "confirmed",
        "previous_verdict": "open",
        "comment": "not planned",
    }
    assert second.details["previous_verdict"] == "confirmed"
    assert term_id


def test_filters_and_pages(client: Client, term_id: str) -> None:
    auditor = client(Role.AUDITOR)
    first = auditor.get("/api/findings", params={"watch_term_id": term_id, "recording_id": "r", "limit": 1}).json()
    rest = auditor.get("/api/findings", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [row["text"] for row in first["items"] + rest["items"]] == ["sud0", "sudo <b>reboot"]
    assert rest["next_cursor"] is None
    assert auditor.get("/api/findings", params={"recording_id": "s"}).json()["items"] == []
    assert auditor.get("/api/findings", params={"verdict": "maybe"}).status_code == 422


@pytest.mark.usefixtures("term_id")
def test_compliance_looks_and_does_not_judge(client: Client) -> None:
    compliance = client(Role.COMPLIANCE)
    finding = compliance.get("/api/findings").json()["items"][0]
    path = f"/api/findings/{finding['id']}"
    assert compliance.patch(path, json={"verdict": "dismissed"}).status_code == 403
    assert client(Role.AUDITOR).patch("/api/findings/none", json={"verdict": "dismissed"}).status_code == 404


@pytest.mark.usefixtures("term_id")
def test_several_findings_get_one_verdict_or_none(client: Client, database: Database) -> None:
    auditor = client(Role.AUDITOR)
    ids = [item["id"] for item in auditor.get("/api/findings").json()["items"]]
    body = {"finding_ids": [*ids, ids[0]], "verdict": "dismissed", "comment": "known"}
    judged = auditor.post("/api/findings/review", json=body)
    assert [(item["id"], item["verdict"]) for item in judged.json()["items"]] == [(one, "dismissed") for one in ids]
    with database.read() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.FINDING_REVIEWED)).all()
    assert [event.details["finding_id"] for event in events] == ids

    refused = auditor.post("/api/findings/review", json={"finding_ids": [ids[0], "none"], "verdict": "open"})
    assert refused.status_code == 404
    assert {item["verdict"] for item in auditor.get("/api/findings").json()["items"]} == {"dismissed"}
    assert auditor.post("/api/findings/review", json={"finding_ids": [], "verdict": "open"}).status_code == 422


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"operator": "ALICE", "target": "web-1"}, 2),
        ({"operator": "ali"}, 0),
        ({"target": "db"}, 0),
        ({"after": "2026-10-01T08:00:05Z"}, 1),
        ({"before": "2026-10-01T08:00:05Z"}, 1),
        ({"after": "2026-10-02"}, 0),
        ({"after": "2026-10-01", "before": "2026-10-02"}, 2),
    ],
)
@pytest.mark.usefixtures("term_id")
def test_findings_by_operator_target_and_time(client: Client, params: dict[str, str], count: int) -> None:
    assert len(client(Role.AUDITOR).get("/api/findings", params=params).json()["items"]) == count


def test_findings_are_downloaded_as_a_table_no_spreadsheet_calculates(client: Client, database: Database) -> None:
    client(Role.AUDITOR).post("/api/watch_terms", json={"name": "=Root", "query": "sudo"})
    Archive(database).add("r", [Line('=cmd|"sudo, reboot"', 1500, 2500), Line("sudo ls", 5000, 6000)])
    with database.write() as session:
        watch(session, "r")
    answer = client(Role.COMPLIANCE).get("/api/findings/file", params={"verdict": "open", "operator": "alice"})
    header, first, second = csv.reader(io.StringIO(answer.text))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert header[:4] == ["id", "at", "watch_term_name", "operator_name"]
    row = dict(zip(header, second, strict=True))
    assert (row["text"], row["watch_term_name"], row["offset_ms"]) == ('\'=cmd|"sudo, reboot"', "'=Root", "1500")
    assert dict(zip(header, first, strict=True))["text"] == "sudo ls"
    with database.read() as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.FINDINGS_EXPORTED)).all()
    assert event.details == {"verdict": "open", "operator": "alice"}
