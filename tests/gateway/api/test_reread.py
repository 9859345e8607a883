"""POST /api/recordings/{id}/reread."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlmodel import select

from gateway.audit import AuditTag
from gateway.core.policy.access import Role
from gateway.core.work import RECORDING_ADVANCE, STAGE_ORDER, StageName, WorkState
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Recording, Stage
from gateway.db.repositories import stages
from tests.gateway.api.conftest import Client


@pytest.fixture
def recording_id(database: Database) -> str:
    """A recording of which everything is done."""
    with database.write() as session:
        session.add(Recording(id="r", folder="r", target_name="t", operator_name="o"))
        session.flush()
        for name in STAGE_ORDER:
            session.add(Stage(recording_id="r", name=name, state=WorkState.DONE, progress=1.0, attempt_count=1))
    return "r"


def test_text_is_read_again_and_the_picture_stays(
    app: FastAPI, client: Client, database: Database, recording_id: str
) -> None:
    sent: list[tuple[str, ...]] = []
    app.state.gateway = replace(app.state.gateway, send_job=lambda *job: sent.append(job))
    answer = client(Role.AUDITOR).post(f"/api/recordings/{recording_id}/reread", json={"engine": "rapidocr"})
    assert answer.status_code == 200, answer.text
    assert [(stage["name"], stage["state"]) for stage in answer.json()["items"]] == [
        ("seal", "done"),
        ("render", "done"),
        ("ocr", "pending"),
        ("text", "pending"),
        ("index", "pending"),
        ("tier", "pending"),
    ]
    assert sent == [(RECORDING_ADVANCE, recording_id)]
    with database.read() as session:
        row = session.get(Recording, recording_id)
        event = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.RECORDING_REREAD.value)).one()
    assert row is not None
    assert row.ocr_engine == "rapidocr"
    assert (event.actor_name, event.subject_id, event.details) == ("auditor", "r", {"engine": "rapidocr"})


def test_what_runs_is_not_disturbed(client: Client, database: Database, recording_id: str) -> None:
    with database.write() as session:
        row = stages.of_recording(session, recording_id)[StageName.TIER]
        row.state = WorkState.RUNNING
        session.add(row)
    answer = client(Role.AUDITOR).post(f"/api/recordings/{recording_id}/reread", json={})
    assert answer.status_code == 409
    assert "tier is running" in answer.json()["detail"]
    with database.read() as session:
        assert not session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.RECORDING_REREAD.value)).all()


@pytest.mark.parametrize("engine", ["", "abacus", "../x", 5])
def test_only_engines_that_there_are_can_be_asked_for(client: Client, recording_id: str, engine: object) -> None:
    answer = client(Role.AUDITOR).post(f"/api/recordings/{recording_id}/reread", json={"engine": engine})
    assert answer.status_code == 422
