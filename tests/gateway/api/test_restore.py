"""Asking for a recording back: who may, what is refused, what the page is told."""

import pytest

from gateway.core.policy.access import Role
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.database import Database
from gateway.db.models import Recording, Task
from gateway.db.repositories import tasks
from tests.gateway.api.conftest import Client


def add(database: Database, state: RecordingState = RecordingState.ARCHIVED) -> str:
    recording = Recording(folder="f", target_name="t", operator_name="o", state=state, tier=Tier.ARCHIVE)
    with database.write() as session:
        session.add(recording)
    return recording.id


def task_of(database: Database, task_id: str) -> Task:
    with database.read() as session:
        return tasks.get(session, task_id)


def test_a_task_is_placed_shown_and_audited(client: Client, database: Database) -> None:
    recording_id = add(database)
    compliance = client(Role.COMPLIANCE)
    assert compliance.get(f"/api/recordings/{recording_id}").json()["restore"] is None
    placed = compliance.post(f"/api/recordings/{recording_id}/restore", json={"days": 3}).json()
    assert (placed["state"], placed["days"], placed["progress"]) == ("pending", 3, 0)
    task = task_of(database, placed["id"])
    assert (task.recording_id, task.parameters, task.requested_by_name) == (
        recording_id,
        {"days": 3.0},
        placed["requested_by_name"],
    )
    again = compliance.post(f"/api/recordings/{recording_id}/restore", json={"days": 3}).json()
    assert again["id"] == placed["id"], "the same task is not placed twice"
    assert compliance.get(f"/api/recordings/{recording_id}").json()["restore"]["id"] == placed["id"]
    [newest, *_] = compliance.get("/api/audit", params={"tag": "api:restore:requested"}).json()["items"]
    assert (newest["subject_id"], newest["details"]["days"]) == (recording_id, 3)


@pytest.mark.parametrize("days", [0, -1, 366, "many"])
def test_a_time_that_makes_no_sense_is_refused(client: Client, database: Database, days: object) -> None:
    answer = client(Role.ADMIN).post(f"/api/recordings/{add(database)}/restore", json={"days": days})
    assert answer.status_code == 422


def test_what_is_not_archived_cannot_be_restored(client: Client, database: Database) -> None:
    recording_id = add(database, RecordingState.SEALED)
    answer = client(Role.ADMIN).post(f"/api/recordings/{recording_id}/restore", json={})
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "the recording is sealed: only an archived one can be restored",
    )
