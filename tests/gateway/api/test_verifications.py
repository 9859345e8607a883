"""Verifying over the API: the task, its audit event, what is shown."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlmodel import select

from gateway.audit import AuditTag
from gateway.core.evidence import Soundness
from gateway.core.policy.access import Role
from gateway.core.work import TASK_RUN
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Recording, Task, Verification
from tests.gateway.api.conftest import Client

FAULT = {"file": "video.mp4", "measure": "stored", "start": 64, "end": 90, "text": "record 0 was altered or moved"}


@pytest.fixture
def recording_id(database: Database) -> str:
    with database.write() as session:
        session.add(Recording(id="r", folder="r", target_name="t", operator_name="o"))
    return "r"


def test_a_task_is_placed_once_and_audited(app: FastAPI, client: Client, database: Database, recording_id: str) -> None:
    sent: list[tuple[str, ...]] = []
    app.state.gateway = replace(app.state.gateway, send_job=lambda *job: sent.append(job))
    url = f"/api/recordings/{recording_id}"
    answers = [client(Role.COMPLIANCE).post(f"{url}/verify", json={"archive": True}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"], "the same task again is not a second one"
    assert sent == [(TASK_RUN, answers[0].json()["id"])]
    with database.read() as session:
        task = session.exec(select(Task)).one()
        query = select(AuditEvent).where(AuditEvent.tag == AuditTag.VERIFY_REQUESTED.value)
        events = session.exec(query).all()
    assert (task.kind, task.parameters) == ("verify", {"archive": True})
    assert [(event.subject_id, event.details["task_id"]) for event in events] == [(recording_id, task.id)] * 2
    listed = client(Role.AUDITOR).get(f"{url}/verifications").json()
    assert (listed["unfinished"]["id"], listed["items"]) == (task.id, [])


def test_what_was_found_is_listed_newest_first(client: Client, database: Database, recording_id: str) -> None:
    for outcome, faults in ((Soundness.WHOLE, []), (Soundness.DAMAGED, [FAULT])):
        with database.write() as session:
            session.add(Verification(recording_id=recording_id, requested_by="Cora", outcome=outcome, faults=faults))
    listed = client(Role.AUDITOR).get(f"/api/recordings/{recording_id}/verifications").json()
    assert listed["unfinished"] is None
    assert [item["outcome"] for item in listed["items"]] == ["damaged", "whole"]
    assert listed["items"][0]["faults"] == [FAULT]
    assert client(Role.AUDITOR).get("/api/recordings/nowhere/verifications").status_code == 404
