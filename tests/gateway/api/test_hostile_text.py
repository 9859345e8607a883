"""Odd Unicode and odd numbers at every edge: refused as 422, and not repeated in answers or logs."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from gateway.core.policy.access import Role
from tests.gateway.api.conftest import Client
from tests.gateway.api.test_access import routes

SECRET = "MySecretPw"
UNSTORABLE = ["\\ud800", "\\udfff", "\\u0000"]
UNPRINTABLE = [*UNSTORABLE, "\\u202e", "\\u2066", "\\u200f", "\\u001b[31m", "\\u0007", "\\u009b", "\\u2028"]


def post(client: TestClient, path: str, body: str, method: str = "POST") -> Any:
    return client.request(method, path, content=body, headers={"content-type": "application/json"})


@pytest.mark.parametrize("odd", UNSTORABLE)
def test_a_password_that_is_no_unicode_is_refused_and_not_repeated(
    anonymous: TestClient, odd: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = post(anonymous, "/api/auth/sign-in", f'{{"username": "adm", "password": "{SECRET}{odd}"}}')
    assert answer.status_code == 422
    assert SECRET not in answer.text + "".join(capfd.readouterr()) + caplog.text
    assert anonymous.get("/api/auth/me").status_code == 200


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e999", "[" * 2000, "9" * 5000, '"x', "\x00", "[]", '{"password":']
)
def test_json_of_the_odd_kind_is_an_error_of_the_client(anonymous: TestClient, value: str) -> None:
    assert post(anonymous, "/api/auth/sign-in", f'{{"username": {value}, "password": "{SECRET}"}}').status_code in {
        400,
        422,
    }
    assert post(anonymous, "/api/auth/sign-in", value).status_code in {400, 422}


def test_no_invalid_body_is_repeated(anonymous: TestClient) -> None:
    answer = anonymous.post("/api/auth/sign-in", json={"username": ["x"], "password": {"it": SECRET}, SECRET: 1})
    assert answer.status_code == 422
    assert {tuple(one) for one in answer.json()["detail"]} == {("type", "loc", "msg", "ctx")}
    assert json.dumps(answer.json()).count(SECRET) == 1  # the name of a field that there is not


def _texts(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[list[str]]:
    """The places of all texts in a body, by its schema."""
    if "$ref" in schema:
        yield from _texts(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    for option in schema.get("anyOf", []):
        yield from _texts(document, option)
    for field, inner in schema.get("properties", {}).items():
        yield from ([field, *rest] for rest in _texts(document, inner))
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        yield ["any key"]
    if schema.get("type") == "array":
        yield from (["[]", *rest] for rest in _texts(document, schema["items"]))
    if schema.get("type") == "string" and "enum" not in schema:
        yield []


def _filled(place: list[str], text: str) -> Any:
    value: Any = text
    for part in reversed(place):
        value = [value] if part == "[]" else {part: value}
    return value


def test_every_text_of_every_body_is_checked(app: FastAPI, client: Client) -> None:
    admin, document = client(Role.ADMIN), app.openapi()
    tried = 0
    for method, path in sorted(routes(document)):
        body = document["paths"][path][method.lower()].get("requestBody", {}).get("content", {}).get("application/json")
        for place in _texts(document, body["schema"]) if body else ():
            secret = place[-1] in {"password", "secret"}
            for odd in UNSTORABLE if secret else UNPRINTABLE:
                given = json.dumps(_filled(place, "MARK")).replace("MARK", f"text{odd}")
                answer = post(admin, re.sub(r"\{.*?\}", "no-such-id", path), given, method)
                assert answer.status_code == 422, f"{method} {path} {place} {odd}: {answer.status_code}"
                assert any("U+" in one["msg"] for one in answer.json()["detail"]), f"{method} {path} {place} {odd}"
                tried += 1
    assert tried > 100


def test_a_comment_has_lines_and_a_name_has_not(client: Client) -> None:
    admin = client(Role.ADMIN)
    lines = admin.patch("/api/findings/no-such-id", json={"verdict": "confirmed", "comment": "one\n\ttwo"})
    assert lines.status_code == 404
    target = {"name": "one\ntwo", "protocol": "vnc", "host": "desk.example", "port": 5900}
    assert admin.post("/api/targets", json=target).status_code == 422


def test_names_in_any_script_are_taken(client: Client) -> None:
    target = {"name": "Büro 東京 \U0001f5a5 שולחן", "protocol": "vnc", "host": "desk.example", "port": 5900}
    assert client(Role.ADMIN).post("/api/targets", json=target).status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        "/api/targets/a%00b",
        "/api/search?q=a%00b",
        "/api/recordings?operator=a%00b",
        "/api/recordings?before=0001-01-01T00:00:00%2B14:00",
        "/api/recordings?after=9999-12-31T23:59:59-14:00",
        "/api/recordings?before=2026-01-01T00:00:00",
        "/api/audit?before=0001-01-01T00:00:00%2B14:00",
        "/api/recordings/none/spans?cursor=99999999999999999999",
        "/api/recordings/none/spans?from_ms=99999999999999999999",
        "/api/recordings?limit=99999999999999999999",
        "/api/recordings?limit=" + "9" * 5000,
    ],
)
def test_odd_queries_are_errors_of_the_client(client: Client, path: str) -> None:
    assert client(Role.ADMIN).get(path).status_code == 422
