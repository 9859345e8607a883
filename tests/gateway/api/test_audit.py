"""The audit trail and chains of custody as the pages ask for them."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from gateway.audit import Actor, AuditTag, check, record
from gateway.core.policy.access import Role
from gateway.core.session import SessionState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AccessSession, Recording, Target, User
from gateway.keyring import Keyring
from gateway.settings import Settings
from tests.gateway.api.conftest import BOTH_DATABASES, Client

pytestmark = BOTH_DATABASES
ANN = Actor("ann", None, "192.0.2.7")


@pytest.fixture
def ids(database: Database) -> dict[str, str]:
    """A session on a target and its recording, with events about each of them."""
    with database.write() as session:
        user = User(username="ann", display_name="Ann", role=Role.OPERATOR, password_hash="-")
        target = Target(name="lab", protocol="vnc", host="127.0.0.1", port=9)
        session.add_all([user, target])
        session.flush()
        opened = AccessSession(
            user_id=user.id,
            target_id=target.id,
            operator_name="ann",
            target_name="lab",
            protocol="vnc",
            state=SessionState.CLOSED,
            client_address="192.0.2.7",
            gateway_id="g",
        )
        session.add(opened)
        session.flush()
        recording = Recording(session_id=opened.id, folder="f", target_name="lab", operator_name="ann")
        session.add(recording)
        session.flush()
        record(session, AuditTag.TARGET_CHANGED, ANN, subject_id=target.id, name="lab")
        record(session, AuditTag.SESSION_OPENED, ANN, subject_id=opened.id)
        record(session, AuditTag.RECORDING_VIEWED, ANN, subject_id=recording.id)
        record(session, AuditTag.RECORDINGS_SEARCHED, ANN, query="naïve =1", recording_ids=[recording.id, "other"])
        record(session, AuditTag.EXPORT_LINK_USED, ANN, subject_id="a-link", recording_id=recording.id)
        record(session, AuditTag.RECORDING_VIEWED, ANN, subject_id="other")
        return {"target": target.id, "session": opened.id, "recording": recording.id}


def tags(client: TestClient, path: str, **query: Any) -> list[str]:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [event["tag"] for event in answer.json()["items"]]


@pytest.mark.usefixtures("ids")
def test_the_trail_is_narrowed_by_each_filter(client: Client) -> None:
    reader = client(Role.COMPLIANCE)
    viewed, searched = AuditTag.RECORDING_VIEWED.value, AuditTag.RECORDINGS_SEARCHED.value
    assert tags(reader, "/api/audit", tag=viewed) == [viewed, viewed]
    assert tags(reader, "/api/audit", tag=[viewed, searched]) == [viewed, searched, viewed]
    assert tags(reader, "/api/audit", text="NAÏVE") == [searched]
    assert tags(reader, "/api/audit", text="192.0.2.7", tag=searched) == [searched]
    assert tags(reader, "/api/audit", text="100%") == []
    assert tags(reader, "/api/audit", subject_id="other") == [viewed]
    later = (utc_now() + timedelta(hours=1)).isoformat()
    assert tags(reader, "/api/audit", after=later) == []
    assert len(tags(reader, "/api/audit", before=later, actor="ANN", limit=4)) == 4


def test_an_event_leads_to_what_it_is_about(client: Client, ids: dict[str, str]) -> None:
    items = client(Role.COMPLIANCE).get("/api/audit", params={"actor": "ann"}).json()["items"]
    found = {event["tag"]: event["subject"] for event in items}
    assert found[AuditTag.TARGET_CHANGED] == {
        "kind": "target",
        "name": "lab",
        "recording_id": None,
        "recording_kind": None,
    }
    session = {"kind": "session", "name": "lab", "recording_id": ids["recording"], "recording_kind": "desktop"}
    assert found[AuditTag.SESSION_OPENED] == session
    recording = {"kind": "recording", "name": "lab", "recording_id": ids["recording"], "recording_kind": "desktop"}
    assert recording in [event["subject"] for event in items if event["tag"] == AuditTag.RECORDING_VIEWED]


@pytest.mark.usefixtures("ids")
def test_how_far_the_chain_is_sound(client: Client, database: Database, settings: Settings) -> None:
    reader = client(Role.COMPLIANCE)
    before = reader.get("/api/audit/trail").json()
    assert (before["sound_event_id"], before["checked_at"], before["broken"]) == (0, None, None)
    check.check(database, Keyring.open(settings, database).signer(), "test")
    after = reader.get("/api/audit/trail").json()
    assert after["sound_event_id"] == after["head_event_id"] == before["head_event_id"]
    assert after["whole_checked_at"] is not None
    asked = reader.post("/api/audit/trail/check")
    assert asked.status_code == 202
    assert asked.json()["task"]["state"] == "pending"
    assert tags(reader, "/api/audit", limit=1) == [AuditTag.AUDIT_CHECK_REQUESTED]


def custody(ids: dict[str, str]) -> str:
    return f"/api/recordings/{ids['recording']}/custody"


def test_a_chain_of_custody_has_all_that_concerns_the_recording(client: Client, ids: dict[str, str]) -> None:
    auditor = client(Role.AUDITOR)
    expected = [
        AuditTag.CUSTODY_VIEWED.value,
        AuditTag.EXPORT_LINK_USED.value,
        AuditTag.RECORDINGS_SEARCHED.value,
        AuditTag.RECORDING_VIEWED.value,
        AuditTag.SESSION_OPENED.value,
    ]
    assert tags(auditor, custody(ids)) == expected
    assert tags(auditor, custody(ids)) == expected, "looking again, within one viewing, is not another event"
    assert tags(auditor, custody(ids), kind=["searched", "exported"]) == expected[1:3]
    assert tags(auditor, custody(ids), actor_name="auditor") == expected[:1]
    first = auditor.get(custody(ids), params={"limit": 2}).json()
    assert tags(auditor, custody(ids), limit=2, cursor=first["next_cursor"]) == expected[2:4]
    assert first["items"][1]["kind"] == "exported"
    assert auditor.get("/api/recordings/none/custody").status_code == 404


def test_a_search_that_shows_a_recording_is_in_its_custody(client: Client, ids: dict[str, str]) -> None:
    auditor = client(Role.AUDITOR)
    assert auditor.get("/api/search", params={"q": "x", "recording_id": ids["recording"]}).status_code == 200
    assert tags(auditor, custody(ids), kind="searched", actor_name="auditor") == [AuditTag.RECORDINGS_SEARCHED.value]


def test_custody_is_downloaded_whole_and_each_download_is_audited(client: Client, ids: dict[str, str]) -> None:
    auditor = client(Role.AUDITOR)
    answer = auditor.get(f"{custody(ids)}/file", params={"as": "csv"})
    assert answer.headers["content-disposition"].startswith('attachment; filename="custody-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["kind"] for row in rows] == ["created", "viewed", "searched", "exported", "viewed"]
    assert rows[-1]["details"] == '{"file": "csv"}', "the download itself is in it"
    items = auditor.get(f"{custody(ids)}/file", params={"as": "json", "kind": "searched"}).json()
    assert [item["details"]["query"] for item in items] == ["naïve =1"]
    assert len(tags(auditor, custody(ids), kind="viewed", actor_name="auditor")) == 2
