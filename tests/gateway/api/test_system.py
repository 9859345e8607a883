import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from gateway.api.system import lateness
from gateway.app import create_app
from gateway.audit import Actor, AuditTag, record
from gateway.core.policy.access import Role
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.states import RecordingState
from gateway.core.trail import BreakKind
from gateway.core.work import StageName
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveCheck, ArchiveObject, AuditCheck, Recording, Segment
from gateway.db.repositories import discrepancies, stages
from gateway.settings import Settings
from tests.gateway.api.conftest import Client


@pytest.mark.parametrize("role", [None, Role.OPERATOR, Role.AUDITOR])
def test_health_is_one_word_to_those_who_may_not_see_the_system(client: Client, role: Role | None) -> None:
    answer = client(role).get("/health")  # guacd's port is closed in these tests
    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "checks": None, "children": None}


def test_health_says_what_is_missing_to_an_admin(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # The database is a copy of one that may have been made minutes ago.
    monkeypatch.setattr(lateness, "CHECKPOINT_LATE", timedelta(hours=1))
    answer = client(Role.ADMIN).get("/health")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "checks": {
            "database": True,
            "checkpoint": True,
            "recovery": True,
            "seal": True,
            "disk": True,
            "guacd": False,
            "redis": False,
            "archive": True,
            "audit_trail": True,
            "clock": True,
            "decoders": True,
            "evidence": True,
        },
        "children": [],
    }


@pytest.mark.parametrize(("bound", "is_seen"), [("0.0.0.0", True), ("127.0.0.1", False)])  # noqa: S104 - it is to be noticed
def test_health_says_when_others_reach_guacd(app: FastAPI, client: Client, bound: str, is_seen: bool) -> None:
    with socket.create_server((bound, 0)) as guacd:
        state = app.state.gateway
        admin = client(Role.ADMIN)
        listening = state.settings.model_copy(update={"guacd": f"127.0.0.1:{guacd.getsockname()[1]}"})
        app.state.gateway = replace(state, settings=listening)
        checks = admin.get("/health").json()["checks"]
    assert (checks["guacd"], checks["guacd_exposed"]) == (True, not is_seen)


def test_health_shows_the_supervisors_children(client: Client, settings: Settings) -> None:
    settings.run_dir.mkdir(exist_ok=True)
    child = {"name": "worker", "state": "backing_off", "pid": 7, "restarts": 3, "since_at": "", "last_exit": "killed"}
    (settings.run_dir / "supervisor.json").write_text(json.dumps({"children": [child]}))
    assert client(Role.ADMIN).get("/health").json()["children"] == [
        {"name": "worker", "state": "backing_off", "restarts": 3}
    ]


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"children": 3}'])
def test_health_survives_a_damaged_file(client: Client, settings: Settings, text: str) -> None:
    settings.run_dir.mkdir(exist_ok=True)
    (settings.run_dir / "supervisor.json").write_text(text)
    assert client(Role.ADMIN).get("/health").json()["children"] == []


def test_the_system_page_has_the_details(client: Client) -> None:
    system = client(Role.ADMIN).get("/api/system").json()
    assert {check["name"] for check in system["checks"]} == {
        "database",
        "disk",
        "guacd",
        "redis",
        "archive",
        "audit_trail",
        "clock",
        "evidence",
        "checkpoint",
        "recovery",
        "seal",
        "decoders",
    }
    assert system["live_sessions"] == 0
    assert system["searchable_seconds"] is None


def test_a_scraper_needs_the_token(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"metrics_token": SecretStr("scrape-me")}))
    with TestClient(app) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
        text = client.get("/metrics", headers={"authorization": "Bearer scrape-me"}).text
    assert 'reelgate_sessions{state="active"} 0.0' in text
    assert "reelgate_searchable_seconds_count 0.0" in text


class TestArchive:
    """What the System page and the metrics say of the archive."""

    def test_before_it_was_looked_at_nothing_is_claimed(self, client: Client, settings: Settings) -> None:
        archive = client(Role.COMPLIANCE).get("/api/system").json()["archive"]
        assert archive["place"] == str(settings.archive_dir)
        assert (archive["is_usable"], archive["checked_at"], archive["requirements"]) == (None, None, [])
        assert (archive["waiting_count"], archive["waiting_bytes"], archive["oldest_waiting_at"]) == (0, 0, None)

    def test_an_archive_that_is_refused_degrades_and_its_backlog_is_shown(
        self, client: Client, database: Database, settings: Settings
    ) -> None:
        place_waiting(database, settings)
        admin = client(Role.ADMIN)
        system = admin.get("/api/system").json()
        assert {check["name"]: check["ok"] for check in system["checks"]}["archive"] is False
        archive = system["archive"]
        assert (archive["is_usable"], archive["reason"]) == (False, "versioning is off: turn it on")
        assert archive["requirements"] == [{"requirement": "versioning", "state": "unmet", "detail": "turn it on"}]
        assert (archive["waiting_count"], archive["waiting_bytes"], archive["failed_count"]) == (1, 1234, 0)
        assert archive["last_error"] == "the archive is full"
        assert archive["oldest_waiting_at"] == "2026-01-02T03:04:05Z"
        text = admin.get("/metrics").text
        for line in (
            "reelgate_archive_usable 0.0",
            "reelgate_archive_waiting_recordings 1.0",
            "reelgate_archive_waiting_bytes 1234.0",
        ):
            assert line in text


def place_waiting(database: Database, settings: Settings) -> None:
    """A sealed recording whose archiving failed: one of its two segments is archived."""
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    recording = Recording(
        folder="f", target_name="t", operator_name="o", state=RecordingState.SEALED, sealed_at=at, started_at=at
    )
    with database.write() as session:
        session.add(recording)
        session.flush()
        stages.ensure(session, recording)
        tier = stages.of_recording(session, recording.id)[StageName.TIER]
        tier.error, tier.not_before_at = "the archive is full", at
        for number, size in enumerate((1234, 99)):
            session.add(
                Segment(
                    recording_id=recording.id,
                    number=number,
                    name=f"s{number}",
                    size_bytes=size,
                    sha256="0",
                    stored_bytes=size,
                    stored_sha256="0",
                )
            )
        session.add(
            ArchiveObject(recording_id=recording.id, name="s1", key="k", size_bytes=9, sha256="0", verified_at=at)
        )
        session.add(
            ArchiveCheck(
                place=str(settings.archive_dir),
                checked_at=at,
                is_usable=False,
                reason="versioning is off: turn it on",
                requirements=[{"requirement": "versioning", "state": "unmet", "detail": "turn it on"}],
            )
        )


@pytest.mark.parametrize(
    ("name", "words"),
    [("evidence", "1 recording missing"), ("clock", "it jumped by -7200 s"), ("audit_trail", "broken: its columns")],
)
def test_what_is_wrong_with_the_evidence_degrades(client: Client, database: Database, name: str, words: str) -> None:
    with database.write() as session:
        if name == "evidence":
            discrepancies.note(session, None, DiscrepancyKind.RECORDING_MISSING, "r-1", "gone", utc_now())
        elif name == "clock":
            record(session, AuditTag.CLOCK_JUMPED, Actor("gateway"), subject_id="g", seconds=-7200)
        else:
            check = AuditCheck(requested_by="t", after_event_id=0, event_id=1, event_count=1, broken_event_id=1)
            check.broken_kind, check.detail = BreakKind.CHANGED, "its columns do not match its hash"
            session.add(check)
    system = client(Role.ADMIN).get("/api/system").json()
    [found] = [check for check in system["checks"] if check["name"] == name]
    assert not found["ok"]
    assert words in found["detail"]
