"""Holds over the API: placed on several, found again, released, never deleted."""

import pytest
from fastapi.testclient import TestClient

from gateway.core.policy.access import Role
from gateway.core.recording.states import RecordingState
from gateway.db.database import Database
from tests.gateway.api.conftest import BOTH_DATABASES, Client
from tests.gateway.api.kept import add_recording, tags_of

pytestmark = BOTH_DATABASES


@pytest.fixture
def auditor(client: Client) -> TestClient:
    return client(Role.AUDITOR)


def place(client: TestClient, *recording_ids: str, case_number: str = "C-17") -> list[str]:
    body = {"recording_ids": recording_ids, "reason": "lawsuit", "case_number": case_number}
    answer = client.post("/api/holds", json=body)
    assert answer.status_code == 201, answer.text
    return [row["id"] for row in answer.json()["items"]]


def test_several_are_held_found_by_case_and_released_with_a_reason(auditor: TestClient, database: Database) -> None:
    first, second = add_recording(database), add_recording(database)
    [hold_id, _other] = place(auditor, first, second)
    place(auditor, second, case_number="D-1")
    found = auditor.get("/api/holds", params={"case_number": "c-1"}).json()["items"]
    assert {row["recording_id"] for row in found} == {first, second}
    assert {(row["owner_name"], row["target_name"]) for row in found} == {("auditor", "press-1")}
    released = auditor.post(f"/api/holds/{hold_id}/release", json={"reason": "settled"}).json()
    assert (released["released_by_name"], released["release_reason"]) == ("auditor", "settled")
    again = auditor.post(f"/api/holds/{hold_id}/release", json={"reason": "settled"})
    assert (again.status_code, "already released" in again.text) == (409, True)
    assert len(auditor.get("/api/holds", params={"active": True}).json()["items"]) == 2
    assert [row["id"] for row in auditor.get("/api/holds", params={"active": False}).json()["items"]] == [hold_id]
    assert tags_of(database, released["recording_id"])[-1] == "api:hold:released"


def test_lists_say_what_is_held_until_the_last_hold_is_released(auditor: TestClient, database: Database) -> None:
    first, second = add_recording(database), add_recording(database)
    hold_ids = place(auditor, first) + place(auditor, first, case_number="D-1")

    def held() -> dict[str, bool]:
        return {row["id"]: row["is_held"] for row in auditor.get("/api/recordings").json()["items"]}

    for hold_id in hold_ids:
        assert held() == {first: True, second: False}
        auditor.post(f"/api/holds/{hold_id}/release", json={"reason": "settled"})
    assert held() == {first: False, second: False}


def test_a_list_is_paged(auditor: TestClient, database: Database) -> None:
    place(auditor, *[add_recording(database) for _ in range(3)])
    page = auditor.get("/api/holds", params={"limit": 2}).json()
    rest = auditor.get("/api/holds", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert len({row["id"] for row in page["items"] + rest["items"]}) == 3
    assert rest["next_cursor"] is None


def test_all_or_none_are_held(auditor: TestClient, database: Database) -> None:
    good, gone = add_recording(database), add_recording(database, state=RecordingState.PURGED)
    for other, status in ((gone, 409), ("nothing", 404)):
        answer = auditor.post("/api/holds", json={"recording_ids": [good, other], "reason": "lawsuit"})
        assert answer.status_code == status
    assert auditor.get("/api/holds").json()["items"] == []


def test_a_hold_needs_a_reason_and_a_recording(auditor: TestClient, database: Database) -> None:
    recording_id = add_recording(database)
    assert auditor.post("/api/holds", json={"recording_ids": [recording_id], "reason": " "}).status_code == 422
    assert auditor.post("/api/holds", json={"recording_ids": [], "reason": "lawsuit"}).status_code == 422
