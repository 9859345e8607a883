"""Work that is late, and a damaged database, are said in health and with their words on the System page."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, select

from gateway.api.system import lateness
from gateway.audit import Actor, AuditTag, check, record
from gateway.core.policy.access import Role
from gateway.core.recording.states import RecordingSource
from gateway.core.session import SessionState
from gateway.core.work import StageName
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AccessSession, AuditEvent, GatewayNode, Recording, Target, User
from gateway.db.repositories import stages
from gateway.keys.site import SiteKeys
from gateway.settings import Settings
from gateway.work import stages as pipeline
from tests.gateway.api.conftest import BOTH_DATABASES, Client
from tests.parts.damaged import spoil_table


@pytest.fixture(autouse=True)
def signed_trail(settings: Settings, database: Database) -> None:
    """The database is a copy of one made a while ago: its events would be late to be signed."""
    assert check.check_new(database, SiteKeys(settings).newest(), "test") is not None


def detail(client: Client, name: str) -> tuple[bool, str]:
    checks = client(Role.ADMIN).get("/api/system").json()["checks"]
    (found,) = [check for check in checks if check["name"] == name]
    return found["ok"], found["detail"]


def place(database: Database, minutes: int, source: RecordingSource = RecordingSource.LIVE) -> None:
    """A recording that was queued so long ago and is not sealed."""
    with database.write() as session:
        recording = Recording(folder="f", target_name="t", operator_name="o", source=source, closed_at=utc_now())
        session.add(recording)
        session.flush()
        pipeline.begin(session, recording, lambda *_job: None)
        seal = stages.of_recording(session, recording.id)[StageName.SEAL]
        seal.requested_at = utc_now() - timedelta(minutes=minutes)
        session.add(seal)


@BOTH_DATABASES
def test_nothing_is_late_where_nothing_happened(client: Client) -> None:
    for name in ("checkpoint", "recovery", "seal"):
        assert detail(client, name)[0]


@BOTH_DATABASES
def test_a_checkpoint_that_is_not_signed_is_late(
    client: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        record(session, AuditTag.USER_CREATED, Actor("test"))
        (oldest,) = session.exec(select(AuditEvent.at).order_by(col(AuditEvent.id).desc()).limit(1))
    assert detail(client, "checkpoint") == (True, "up to date")
    monkeypatch.setattr(lateness, "utc_now", lambda: oldest + timedelta(minutes=17, seconds=5))
    ok, words = detail(client, "checkpoint")
    assert not ok
    assert words.startswith("audit events without a signed checkpoint, for 17 min (3 at most is normal)")


@BOTH_DATABASES
def test_sessions_of_a_lost_gateway_that_nobody_closes_are_late(client: Client, database: Database) -> None:
    silent = utc_now() - timedelta(minutes=4, seconds=5)
    with database.write() as session:
        user = session.exec(select(User)).first()
        target = Target(name="lab", protocol="vnc", host="127.0.0.1", port=5900)
        session.add_all([target, GatewayNode(id="gone", started_at=silent, heartbeat_at=silent)])
        session.flush()
        assert user is not None
        session.add(
            AccessSession(
                user_id=user.id,
                target_id=target.id,
                operator_name="Olga",
                target_name="lab",
                protocol="vnc",
                state=SessionState.ACTIVE,
                client_address="127.0.0.1",
                gateway_id="gone",
            )
        )
    ok, words = detail(client, "recovery")
    assert not ok
    assert words.startswith("a gateway is lost and its sessions are open, for 4 min (2 at most is normal)")


@BOTH_DATABASES
def test_ended_sessions_that_wait_to_be_sealed_are_late_and_imports_are_not(client: Client, database: Database) -> None:
    place(database, 60, RecordingSource.IMPORTED)
    place(database, 1)
    assert detail(client, "seal") == (True, "up to date")
    place(database, 5)
    assert detail(client, "seal") == (
        False,
        "ended sessions waiting to be sealed: 2, for 5 min (2 at most is normal): is the sealer running?",
    )
    assert client(Role.ADMIN).get("/health").json()["checks"]["seal"] is False


@BOTH_DATABASES
def test_recordings_that_wait_to_be_sealed_are_not_being_recorded(client: Client, database: Database) -> None:
    place(database, 1)
    assert client(Role.ADMIN).get("/api/system").json()["recordings"] == {"waiting_to_be_sealed": 1}


class TestDamage:
    def test_a_broken_root_page_of_a_vital_table_is_failing(
        self, app: FastAPI, settings: Settings, anonymous: TestClient
    ) -> None:
        app.state.gateway.database.close()
        spoil_table(settings.data_dir / "reelgate.db", "recordings")
        health = anonymous.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "failing")

    def test_a_damaged_file_degrades_and_says_what_to_do(
        self, app: FastAPI, settings: Settings, client: Client
    ) -> None:
        state = app.state.gateway
        state.database.close()
        spoil_table(settings.data_dir / "reelgate.db", "findings")
        state.integrity.check(state.database)
        ok, words = detail(client, "database")
        assert not ok
        assert words.startswith("damaged: ")
        assert words.endswith("restore it from a backup, then run `reelgate reconcile`")
