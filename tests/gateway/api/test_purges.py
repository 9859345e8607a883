"""Purges over the API: marked, refused with reasons, cancelled; how a recording stands; what a purged one answers."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from gateway.core.errors import ConflictError
from gateway.core.policy.access import Role
from gateway.core.recording.states import RecordingState
from gateway.core.work import StageName
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import Purge, Stage
from gateway.db.repositories import purges, recordings
from gateway.retention import purging
from tests.gateway.api.conftest import BOTH_DATABASES, Client
from tests.gateway.api.kept import add_recording, tags_of

pytestmark = BOTH_DATABASES


@pytest.fixture
def compliance(client: Client) -> TestClient:
    return client(Role.COMPLIANCE)


def mark(client: TestClient, recording_id: str) -> Any:
    return client.post("/api/purges", json={"recording_ids": [recording_id], "reason": "not needed"})


def standing(client: TestClient, recording_id: str) -> dict[str, Any]:
    answer = client.get(f"/api/recordings/{recording_id}/retention")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def purged(database: Database) -> str:
    """A recording as finishing leaves it."""
    recording_id = add_recording(database)
    with database.write() as session:
        purge = Purge(
            recording_id=recording_id, reason="old", marked_by_name="cora", due_at=utc_now(), marked_at=utc_now()
        )
        session.add(purge)
        session.flush()
        files = [{"place": "recording", "name": "video.mp4", "size_bytes": 9, "sha256": "ab"}]
        begun = purging.begin(session, purge.id, files)
        session.flush()
        purging.finish(session, begun, {"version": 1, "signature": "s"})
    return recording_id


def due_in_list(client: TestClient) -> str | None:
    """Of the only recording, as lists have it."""
    [row] = client.get("/api/recordings").json()["items"]
    due: str | None = row["purge_due_at"]
    return due


def test_a_mark_is_seen_and_cancelled_with_a_reason(compliance: TestClient, database: Database) -> None:
    recording_id = add_recording(database)
    [marked] = mark(compliance, recording_id).json()["items"]
    assert (marked["state"], marked["by_policy"], marked["marked_by_name"]) == ("marked", False, "compliance")
    assert standing(compliance, recording_id)["purge"]["id"] == marked["id"]
    assert mark(compliance, recording_id).status_code == 409, "once is enough"
    assert due_in_list(compliance) == marked["due_at"]
    cancelled = compliance.post(f"/api/purges/{marked['id']}/cancel", json={"reason": "needed after all"}).json()
    assert (cancelled["state"], cancelled["end_reason"]) == ("cancelled", "needed after all")
    assert due_in_list(compliance) is None
    again = compliance.post(f"/api/purges/{marked['id']}/cancel", json={"reason": "x"})
    assert (again.status_code, "has not begun" in again.text) == (409, True)
    assert [row["id"] for row in compliance.get("/api/purges", params={"state": "cancelled"}).json()["items"]] == [
        marked["id"]
    ]
    assert tags_of(database, recording_id) == ["api:purge:marked", "api:purge:cancelled"]


def test_what_stands_against_it_is_said_before_and_when_it_is_tried(compliance: TestClient, database: Database) -> None:
    kept = add_recording(database, ended_days_ago=10)
    running = add_recording(database, state=RecordingState.OPEN, closed_at=None)
    busy, held = add_recording(database), add_recording(database)
    with database.write() as session:
        session.add(Stage(recording_id=busy, name=StageName.OCR))
    compliance.post("/api/holds", json={"recording_ids": [held], "reason": "lawsuit", "case_number": "C-17"})
    for recording_id, words in (
        (kept, "Default keeps it until"),
        (running, "its session has not ended yet"),
        (busy, "stage ocr is pending"),
        (held, "it is held for C-17"),
    ):
        [obstacle] = standing(compliance, recording_id)["obstacles"]
        answer = mark(compliance, recording_id)
        assert answer.status_code == 409
        assert words in obstacle["text"]
        assert words in answer.text
    assert standing(compliance, held)["holds"][0]["case_number"] == "C-17"


def test_a_hold_cancels_a_mark(compliance: TestClient, database: Database) -> None:
    recording_id = add_recording(database)
    mark(compliance, recording_id)
    compliance.post("/api/holds", json={"recording_ids": [recording_id], "reason": "lawsuit"})
    purge = standing(compliance, recording_id)["purge"]
    assert (purge["state"], purge["end_reason"]) == ("cancelled", "held: lawsuit")


def test_nothing_is_erased_before_its_grace_is_over(compliance: TestClient, database: Database) -> None:
    recording_id = add_recording(database)
    [marked] = mark(compliance, recording_id).json()["items"]
    with database.write() as session:
        assert not purging.recheck(session, marked["id"])
        with pytest.raises(ConflictError, match="nothing is erased"):
            purging.begin(session, marked["id"], [])
    with database.write() as session:
        row = purges.get(session, marked["id"])
        row.due_at = utc_now() - timedelta(seconds=1)
        session.add(row)
        assert purging.recheck(session, marked["id"])


def test_a_purged_recording_stays_in_lists_and_answers_410_for_its_bytes(client: Client, database: Database) -> None:
    recording_id, admin = purged(database), client(Role.ADMIN)
    assert [row["state"] for row in admin.get("/api/recordings").json()["items"]] == ["purged"]
    row = admin.get(f"/api/recordings/{recording_id}").json()
    assert (row["state"], row["has_video"], row["segments"]) == ("purged", False, [])
    for part in ("video", "original", "frame", "spans", "timeline"):
        answer = admin.get(f"/api/recordings/{recording_id}/{part}")
        assert (answer.status_code, "was purged on" in answer.text) == (410, True), part
    for part in ("reread", "stages/ocr/retry"):
        assert admin.post(f"/api/recordings/{recording_id}/{part}", json={}).status_code == 410, part
    found = standing(admin, recording_id)
    assert found["tombstone"]["files"][0]["name"] == "video.mp4"
    assert (found["obstacles"], found["purge_after_at"]) == ([], None)


def test_a_certificate_is_a_file_and_only_there_when_all_is_gone(compliance: TestClient, database: Database) -> None:
    done, waiting = purged(database), add_recording(database)
    purge_id = standing(compliance, done)["purge"]["id"]
    answer = compliance.get(f"/api/purges/{purge_id}/certificate")
    assert answer.json() == {"version": 1, "signature": "s"}
    assert answer.headers["content-disposition"] == f'attachment; filename="erasure-{done}.json"'
    [marked] = mark(compliance, waiting).json()["items"]
    answer = compliance.get(f"/api/purges/{marked['id']}/certificate")
    assert (answer.status_code, "the purge is marked" in answer.text) == (404, True)
    with database.read() as session:
        assert recordings.get(session, waiting).state is RecordingState.SEALED
