from typing import Any

from gateway.core.policy.access import Role
from tests.gateway.api.conftest import PASSWORD, Client

NEW: dict[str, Any] = {"username": "Nora", "display_name": "Nora N.", "role": "auditor", "password": "a long password"}


def test_a_new_user_can_sign_in_and_no_hash_is_shown(client: Client) -> None:
    made = client(Role.ADMIN).post("/api/users", json=NEW)
    assert made.status_code == 201
    assert made.json()["username"] == "nora"
    assert "password" not in made.text
    credentials = {"username": "NORA", "password": "a long password"}
    assert client(None).post("/api/auth/sign-in", json=credentials).status_code == 200


def test_a_name_is_given_once(client: Client) -> None:
    admin = client(Role.ADMIN)
    admin.post("/api/users", json=NEW)
    again = admin.post("/api/users", json=NEW | {"username": "nora"})
    assert again.status_code == 409
    assert again.json()["detail"] == "a user named nora already exists; choose another name"


def test_a_short_password_is_refused(client: Client) -> None:
    assert client(Role.ADMIN).post("/api/users", json=NEW | {"password": "short"}).status_code == 422


def test_a_disabled_user_is_out_at_once(client: Client) -> None:
    admin, operator = client(Role.ADMIN), client(Role.OPERATOR)
    user_id = operator.get("/api/auth/me").json()["id"]
    assert admin.patch(f"/api/users/{user_id}", json={"disabled": True}).json()["disabled_at"]
    assert operator.get("/api/auth/me").json() is None
    credentials = {"username": "operator", "password": PASSWORD}
    assert operator.post("/api/auth/sign-in", json=credentials).status_code == 401


def test_the_last_admin_stays(client: Client) -> None:
    admin = client(Role.ADMIN)
    user_id = admin.get("/api/auth/me").json()["id"]
    for change in ({"disabled": True}, {"role": "operator"}):
        answer = admin.patch(f"/api/users/{user_id}", json=change)
        assert answer.status_code == 409
        assert "last enabled admin" in answer.json()["detail"]
