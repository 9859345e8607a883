import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from gateway.audit import AuditTag
from gateway.core.policy.access import Role
from gateway.db.database import Database
from gateway.db.models import AttemptScope, AuditEvent, SignIn
from gateway.identity.sign_in_limits import MOST_FAILURES
from tests.gateway.api.conftest import PASSWORD, Client


def sign_in(client: TestClient, username: str, password: str) -> int:
    answer = client.post("/api/auth/sign-in", json={"username": username, "password": password})
    return int(answer.status_code)


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(anonymous: TestClient) -> None:
    answer = anonymous.post("/api/auth/sign-in", json={"username": "Operator ", "password": PASSWORD})
    assert answer.json()["role"] == "operator"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_only_a_hash_of_the_cookie_is_stored(anonymous: TestClient, database: Database) -> None:
    sign_in(anonymous, "operator", PASSWORD)
    with database.read() as session:
        [row] = session.exec(select(SignIn)).all()
    assert anonymous.cookies["reelgate_sign_in"] not in row.model_dump_json()


@pytest.mark.parametrize(("username", "password"), [("operator", "wrong"), ("nobody", PASSWORD), ("operator", "")])
def test_a_wrong_name_or_password_gets_the_same_answer(anonymous: TestClient, username: str, password: str) -> None:
    answer = anonymous.post("/api/auth/sign-in", json={"username": username, "password": password})
    assert answer.status_code == 401
    assert answer.json() == {"detail": "wrong username or password"}


def test_guessing_is_stopped_even_with_the_right_password_at_last(anonymous: TestClient) -> None:
    for _ in range(MOST_FAILURES[AttemptScope.PAIR]):
        assert sign_in(anonymous, "operator", "a wrong password") == 401
    assert sign_in(anonymous, "operator", PASSWORD) == 429
    assert sign_in(anonymous, "auditor", PASSWORD) == 200


def test_signing_out_ends_the_sign_in_on_the_server(client: Client) -> None:
    operator, other = client(Role.OPERATOR), client(None)
    other.cookies.set("reelgate_sign_in", operator.cookies["reelgate_sign_in"])
    assert other.get("/api/auth/me").status_code == 200
    assert operator.post("/api/auth/sign-out").status_code == 204
    assert other.get("/api/auth/me").json() is None


def test_a_request_from_another_site_is_refused(client: Client) -> None:
    operator = client(Role.OPERATOR)
    assert operator.post("/api/auth/sign-out", headers={"origin": "http://evil.test"}).status_code == 403
    assert operator.post("/api/auth/sign-out", headers={"origin": "http://gate.test"}).status_code == 204


def test_sign_ins_are_in_the_audit_trail(anonymous: TestClient, database: Database) -> None:
    sign_in(anonymous, "operator", "a wrong password")
    sign_in(anonymous, "operator", PASSWORD)
    with database.read() as session:
        tags = [event.tag for event in session.exec(select(AuditEvent).order_by(AuditEvent.id))]  # type: ignore[arg-type]
    assert tags[-2:] == [AuditTag.SIGN_IN_FAILED, AuditTag.SIGN_IN_SUCCEEDED]


def test_an_oversized_body_is_refused(anonymous: TestClient) -> None:
    assert anonymous.post("/api/auth/sign-in", content=b" " * 2_000_000).status_code == 413


def test_answers_carry_the_security_headers(anonymous: TestClient) -> None:
    headers = anonymous.get("/api/auth/me").headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
