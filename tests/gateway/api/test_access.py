"""Every route, without a sign-in and with each role, driven from the OpenAPI document so that none is forgotten."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from gateway import app as application
from gateway.app import PUBLIC, create_app, declared_routes
from gateway.core.policy.access import Role
from tests.gateway.api.conftest import Client

# Who may use each route. A new route fails `test_every_route_is_listed` until it is entered here.
EVERYONE = frozenset(Role)
READERS = frozenset({Role.AUDITOR, Role.COMPLIANCE, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})
ALLOWED: dict[tuple[str, str], frozenset[Role]] = {
    ("POST", "/api/auth/sign-out"): EVERYONE,
    ("GET", "/api/openapi.json"): EVERYONE,
    ("GET", "/api/users"): ADMIN,
    ("POST", "/api/users"): ADMIN,
    ("PATCH", "/api/users/{user_id}"): ADMIN,
    ("GET", "/api/users/lockouts"): ADMIN,
    ("DELETE", "/api/users/lockouts/{lockout_id}"): ADMIN,
    ("GET", "/api/protocols"): ADMIN,
    ("GET", "/api/targets"): EVERYONE,
    ("POST", "/api/targets"): ADMIN,
    ("GET", "/api/targets/{target_id}"): EVERYONE,
    ("PATCH", "/api/targets/{target_id}"): ADMIN,
    ("DELETE", "/api/targets/{target_id}"): ADMIN,
    ("PUT", "/api/targets/{target_id}/credential"): ADMIN,
    ("DELETE", "/api/targets/{target_id}/credential"): ADMIN,
    ("POST", "/api/targets/{target_id}/tickets"): frozenset({Role.OPERATOR, Role.ADMIN}),
    ("POST", "/api/targets/{target_id}/trials"): frozenset({Role.ADMIN}),
    ("GET", "/api/sessions"): EVERYONE,
    ("GET", "/api/sessions/{session_id}/commands"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("POST", "/api/sessions/{session_id}/commands"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("GET", "/api/recordings"): READERS,
    ("GET", "/api/recordings/{recording_id}"): READERS,
    ("GET", "/api/recordings/{recording_id}/video"): READERS,
    ("GET", "/api/recordings/{recording_id}/original"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/recordings/{recording_id}/frame"): READERS,
    ("GET", "/api/recordings/{recording_id}/timeline"): READERS,
    ("GET", "/api/recordings/{recording_id}/spans"): READERS,
    ("POST", "/api/recordings/{recording_id}/stages/{name}/retry"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("POST", "/api/recordings/retry"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("POST", "/api/recordings/{recording_id}/reread"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("POST", "/api/recordings/{recording_id}/verify"): READERS,
    ("GET", "/api/recordings/{recording_id}/verifications"): READERS,
    ("POST", "/api/recordings/{recording_id}/restore"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/search"): READERS,
    ("GET", "/api/search/recordings"): READERS,
    ("GET", "/api/search/sources"): READERS,
    ("GET", "/api/watch_terms"): READERS,
    ("POST", "/api/watch_terms"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("PATCH", "/api/watch_terms/{watch_term_id}"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("POST", "/api/watch_terms/{watch_term_id}/backlog"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("GET", "/api/findings"): READERS,
    ("GET", "/api/findings/file"): READERS,
    ("POST", "/api/findings/review"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("PATCH", "/api/findings/{finding_id}"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("GET", "/api/recordings/{recording_id}/retention"): READERS,
    ("GET", "/api/retention_policies"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/retention_policies"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/retention_policies/preview"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("PUT", "/api/retention_policies/{policy_id}"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("DELETE", "/api/retention_policies/{policy_id}"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/holds"): READERS,
    ("POST", "/api/holds"): READERS,
    ("POST", "/api/holds/{hold_id}/release"): READERS,
    ("GET", "/api/purges"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/purges"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/purges/{purge_id}/cancel"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/purges/{purge_id}/certificate"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/exports"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/exports/{export_id}/file"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/exports/{export_id}/links"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("DELETE", "/api/exports/{export_id}/links/{link_id}"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/recordings/{recording_id}/exports"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/recordings/{recording_id}/exports"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/audit"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/audit/trail"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/audit/trail/check"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/recordings/{recording_id}/custody"): READERS,
    ("GET", "/api/recordings/{recording_id}/custody/file"): READERS,
    ("GET", "/api/storage"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/storage/discrepancies"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("POST", "/api/storage/reconcile"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/capacity"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/api/system"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ("GET", "/metrics"): frozenset({Role.COMPLIANCE, Role.ADMIN}),
}
PATH_VALUES = {"name": "seal"}


def routes(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}


def call(client: TestClient, method: str, path: str) -> int:
    filled = path
    for part in [piece[1:-1] for piece in path.split("/") if piece.startswith("{")]:
        filled = filled.replace("{" + part + "}", PATH_VALUES.get(part, "no-such-id"))
    answer = client.request(method, filled, json={} if method in {"POST", "PATCH", "PUT"} else None)
    return int(answer.status_code)


def test_every_route_is_listed(app: FastAPI) -> None:
    public = {(method, path) for method, path in routes(app.openapi()) if path in PUBLIC}
    assert routes(app.openapi()) - public == set(ALLOWED)


def test_the_guard_sees_every_route_and_refuses_one_without_a_permission(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {
        (method, path)
        for path, route in declared_routes()
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    }
    assert seen == routes(app.openapi())
    router = APIRouter(prefix="/open")
    router.get("")(lambda: "anybody")
    monkeypatch.setattr(application, "_RESOURCES", (router,))
    with pytest.raises(RuntimeError, match="/api/open"):
        create_app(app.state.settings)


def test_nothing_answers_without_a_sign_in(app: FastAPI, anonymous: TestClient) -> None:
    answers = {key: call(anonymous, *key) for key in routes(app.openapi()) if key[1] not in PUBLIC}
    assert set(answers.values()) == {401}, answers


def test_what_is_not_in_the_document_is_as_closed_as_what_is(client: Client) -> None:
    hidden = [
        (path, route)
        for path, route in declared_routes()
        if isinstance(route, APIRoute) and not route.include_in_schema
    ]
    assert hidden
    for path, route in hidden:
        for method in route.methods or ():
            assert call(client(None), method, path) == 401
            for role in Role:
                assert (call(client(role), method, path) == 403) == (role not in ALLOWED["GET", path])


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_it_may_and_nothing_else(role: Role, client: Client) -> None:
    signed_in = client(role)
    last = ("POST", "/api/auth/sign-out")
    for (method, path), roles in sorted(ALLOWED.items(), key=lambda row: row[0] == last):
        status = call(signed_in, method, path)
        assert (status == 403) == (role not in roles), f"{role}: {method} {path} gave {status}"
        assert status not in {401, 500}, f"{role}: {method} {path} gave {status}"
