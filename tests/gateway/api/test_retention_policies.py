"""Retention policies over the API: tried out, saved, refused, audited."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from gateway.core.policy.access import Role
from gateway.db.database import Database
from gateway.retention import set_dates_of_all
from tests.gateway.api.conftest import BOTH_DATABASES, Client
from tests.gateway.api.kept import add_recording, tags_of

pytestmark = BOTH_DATABASES

VENDORS: dict[str, Any] = {"name": "Vendors", "risk_class": "vendor", "retain_for_days": 700}


@pytest.fixture
def compliance(client: Client) -> TestClient:
    return client(Role.COMPLIANCE)


def policies(client: TestClient) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in client.get("/api/retention_policies").json()["items"]}


def test_the_default_is_there_and_others_join_it(compliance: TestClient, database: Database) -> None:
    [default] = policies(compliance).values()
    assert (default["id"], default["retain_for_days"], default["effective_hot_days"]) == ("default", 365, 30)
    made = compliance.post("/api/retention_policies", json=VENDORS | {"hot_days": 3})
    assert made.status_code == 201, made.text
    row = policies(compliance)["Vendors"]
    assert (row["risk_class"], row["hot_days"], row["delete_after_days"]) == ("vendor", 3, None)
    assert tags_of(database, row["id"]) == ["api:retention_policy:created"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"name": "All", "retain_for_days": 1}, 422, "at least one condition"),
        (VENDORS | {"delete_after_days": 699}, 422, "during their retention"),
        (VENDORS | {"retain_for_days": -1}, 422, "greater than or equal to 0"),
        (VENDORS | {"retain_for_days": 40_000}, 422, "less than or equal"),
        (VENDORS | {"name": "Default"}, 409, "named Default already"),
        (VENDORS | {"risk_class": None, "target_id": "nothing"}, 404, "no such target"),
        (VENDORS | {"name": "  "}, 422, "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(
    compliance: TestClient, body: dict[str, Any], status: int, words: str
) -> None:
    answer = compliance.post("/api/retention_policies", json=body)
    assert answer.status_code == status
    assert words in answer.text
    tried = compliance.post("/api/retention_policies/preview", json={"policy": body})
    assert tried.status_code == status


def test_two_policies_for_the_same_are_refused(compliance: TestClient) -> None:
    assert compliance.post("/api/retention_policies", json=VENDORS).status_code == 201
    second = compliance.post("/api/retention_policies", json=VENDORS | {"name": "Vendors too"})
    assert (second.status_code, "Vendors already has these conditions" in second.text) == (422, True)


def test_a_promise_is_shortened_only_when_that_is_accepted(compliance: TestClient, database: Database) -> None:
    recording_id = add_recording(database, ended_days_ago=100)
    shorter = {"name": "Default", "retain_for_days": 30, "delete_after_days": 60}
    trial = {"policy_id": "default", "policy": shorter}
    effect = compliance.post("/api/retention_policies/preview", json=trial).json()
    assert (effect["moved"]["count"], effect["due_now"]["size_bytes"], effect["shorter"]["count"]) == (1, 1000, 1)
    assert effect["due_now"]["examples"][0]["recording_id"] == recording_id
    refused = compliance.put("/api/retention_policies/default", json=shorter)
    assert (refused.status_code, "1 recording was promised" in refused.text) == (409, True)
    assert policies(compliance)["Default"]["retain_for_days"] == 365
    saved = compliance.put("/api/retention_policies/default", json=shorter | {"accept_shorter": True})
    assert saved.status_code == 200, saved.text
    assert policies(compliance)["Default"]["retain_for_days"] == 30
    assert tags_of(database, "default") == ["api:retention_policy:changed"]


def test_a_removed_policy_is_gone_and_its_name_free(compliance: TestClient, database: Database) -> None:
    policy_id = compliance.post("/api/retention_policies", json=VENDORS).json()["id"]
    add_recording(database, ended_days_ago=1, risk_class="vendor")
    address = f"/api/retention_policies/{policy_id}"
    tried = compliance.post("/api/retention_policies/preview", json={"policy_id": policy_id}).json()
    assert tried["shorter"]["count"] == 1
    assert compliance.delete(address).status_code == 409
    assert compliance.delete(address, params={"accept_shorter": True}).status_code == 204
    assert compliance.delete(address).status_code == 404
    assert list(policies(compliance)) == ["Default"]
    set_dates_of_all(database, 30)
    assert compliance.post("/api/retention_policies", json=VENDORS).status_code == 201
    assert compliance.delete("/api/retention_policies/default").status_code == 422


def test_a_trial_says_what_it_needs(compliance: TestClient) -> None:
    answer = compliance.post("/api/retention_policies/preview", json={})
    assert (answer.status_code, "nothing to preview" in answer.text) == (422, True)
    answer = compliance.post("/api/retention_policies/preview", json={"policy_id": "nothing", "policy": VENDORS})
    assert answer.status_code == 404
