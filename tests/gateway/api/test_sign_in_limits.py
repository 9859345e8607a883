"""Guessing passwords: by many at once, with many names, from many addresses; and nobody is locked out by another."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select, update

from gateway.audit import AuditTag
from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AttemptScope, AuditEvent, SignInAttempts
from gateway.identity import password_checks, sign_in_limits as limits
from tests.gateway.api.conftest import BOTH_DATABASES, PASSWORD, Client
from tests.parts.running import wait_until

WRONG = "a wrong password"
At = Callable[[str], TestClient]
PAIR_MOST = limits.MOST_FAILURES[AttemptScope.PAIR]
ADDRESS_MOST = limits.MOST_FAILURES[AttemptScope.ADDRESS]


@pytest.fixture
def at(app: FastAPI, anonymous: TestClient) -> Iterator[At]:
    """Clients by their address."""
    assert anonymous
    made: list[TestClient] = []

    def make(address: str) -> TestClient:
        made.append(TestClient(app, base_url="http://gate.test", client=(address, 40_000)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is right when it is PASSWORD: what is tested here is counting."""
    monkeypatch.setattr(password_checks, "verify_password", lambda password, known: known and password == PASSWORD)


def attempt(client: TestClient, username: str, password: str = WRONG) -> int:
    return int(client.post("/api/auth/sign-in", json={"username": username, "password": password}).status_code)


def failures(session: Session) -> list[AuditEvent]:
    query = select(AuditEvent).where(col(AuditEvent.tag).like("api:sign_in%:failed")).order_by(col(AuditEvent.id))
    return list(session.exec(query))


@BOTH_DATABASES
@pytest.mark.usefixtures("quick")
def test_parallel_guesses_get_no_more_tries_than_one_after_another(
    at: At, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_checks, "MOST_AT_ONCE", 100)
    monkeypatch.setattr(password_checks, "MOST_PER_ADDRESS", 100)
    client = at("10.0.0.1")
    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(lambda _: attempt(client, "operator"), range(60)))
    # 503: more wait for the database at once than may. A try that was counted and then got it stays counted.
    assert answers[401] + answers[429] + answers[503] == 60
    while attempt(client, "operator") == 401:
        answers[401] += 1
    assert answers[401] <= PAIR_MOST
    with database.read() as session:
        pair = session.exec(select(SignInAttempts).where(SignInAttempts.scope == AttemptScope.PAIR)).one()
    assert pair.failure_count == PAIR_MOST


@pytest.mark.usefixtures("quick")
def test_many_names_from_one_address_are_limited_and_other_addresses_are_not(at: At) -> None:
    sprayer = at("10.0.0.1")
    assert {attempt(sprayer, f"name-{n}") for n in range(ADDRESS_MOST)} == {401}
    assert attempt(sprayer, "one-more") == 429
    assert attempt(sprayer, "operator", PASSWORD) == 429
    assert attempt(at("10.0.0.2"), "operator", PASSWORD) == 200


@pytest.mark.usefixtures("quick")
def test_the_addresses_of_one_ipv6_network_count_as_one(at: At) -> None:
    answers = [attempt(at(f"2001:db8::{n:x}"), "operator") for n in range(1, PAIR_MOST + 2)]
    assert answers == [401] * PAIR_MOST + [429]
    assert attempt(at("2001:db8:0:1::1"), "operator", PASSWORD) == 200


@pytest.mark.usefixtures("quick")
def test_many_addresses_on_one_name_are_slowed_down_and_the_user_is_not_where_they_are_signed_in(at: At) -> None:
    at_home = at("10.9.9.9")
    assert attempt(at_home, "operator", PASSWORD) == 200
    for n in range(limits.FREE_FAILURES_BY_NAME):
        assert attempt(at(f"10.0.0.{n}"), "operator") == 401
    slowed = at("10.0.1.1").post("/api/auth/sign-in", json={"username": "operator", "password": PASSWORD})
    assert slowed.status_code == 429
    assert 1 <= int(slowed.headers["retry-after"]) <= limits.PAUSE_BY_NAME.total_seconds()
    assert attempt(at_home, "operator", PASSWORD) == 200
    assert attempt(at("10.0.1.1"), "auditor", PASSWORD) == 200


@pytest.mark.usefixtures("quick")
def test_the_answer_says_when_to_try_again(at: At) -> None:
    client = at("10.0.0.1")
    for _ in range(PAIR_MOST):
        attempt(client, "operator")
    answer = client.post("/api/auth/sign-in", json={"username": "operator", "password": PASSWORD})
    assert answer.json()["detail"] == "too many failed sign-ins; wait 15 minutes and try again"
    assert 0 < int(answer.headers["retry-after"]) <= limits.WINDOW.total_seconds()


@pytest.mark.usefixtures("quick")
def test_slips_are_forgotten_with_the_right_password(at: At) -> None:
    client = at("10.0.0.1")
    for _ in range(3):
        assert [attempt(client, "operator") for _ in range(PAIR_MOST - 1)] == [401] * (PAIR_MOST - 1)
        assert attempt(client, "operator", PASSWORD) == 200


@pytest.mark.usefixtures("quick")
def test_a_name_of_the_guessers_choice_is_not_in_the_trail(at: At, database: Database) -> None:
    attempt(at("10.0.0.1"), "my-secret-password")
    attempt(at("10.0.0.1"), "operator")
    with database.read() as session:
        assert [(event.actor_name, event.address) for event in failures(session)] == [
            ("unknown", "10.0.0.1"),
            ("operator", "10.0.0.1"),
        ]


@pytest.mark.usefixtures("quick")
def test_the_trail_grows_by_a_bounded_number_of_events_and_a_sum(
    at: At, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_EVENTS", 5)
    for n in range(30):
        attempt(at(f"10.0.{n}.1"), f"name-{n}")
    with database.read() as session:
        assert len(failures(session)) == 5
    with database.write() as session:
        session.exec(update(SignInAttempts).values(expires_at=utc_now()))
    attempt(at("10.1.0.1"), "operator", PASSWORD)
    with database.read() as session:
        last = failures(session)[-1]
        assert last.tag == AuditTag.SIGN_INS_FAILED
        assert (last.details["failure_count"], last.details["address_count"]) == (30, 30)
        # Only the window of the sign-in just made is left.
        assert len(session.exec(select(SignInAttempts)).all()) == 4


@BOTH_DATABASES
@pytest.mark.usefixtures("quick")
def test_an_admin_sees_a_lock_out_and_lifts_it(at: At, client: Client, database: Database) -> None:
    admin, guesser = client(Role.ADMIN), at("10.0.0.1")
    assert admin.get("/api/users/lockouts").json() == {"items": []}
    for _ in range(PAIR_MOST + 1):
        attempt(guesser, "operator")
    [lockout] = admin.get("/api/users/lockouts").json()["items"]
    assert lockout["scope"] == "pair"
    assert (lockout["username"], lockout["address"]) == ("operator", "10.0.0.1")
    assert (lockout["failure_count"], lockout["refused_count"]) == (PAIR_MOST, 1)
    assert admin.delete(f"/api/users/lockouts/{lockout['id']}").status_code == 204
    assert attempt(guesser, "operator", PASSWORD) == 200
    assert admin.delete(f"/api/users/lockouts/{lockout['id']}").status_code == 404
    with database.read() as session:
        [event] = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.LOCKOUT_LIFTED)).all()
    assert event.details == {"scope": "pair", "username": "operator", "address": "10.0.0.1"}


@pytest.mark.usefixtures("quick")
def test_an_unknown_name_is_not_shown_among_lock_outs(at: At, client: Client) -> None:
    for _ in range(PAIR_MOST):
        attempt(at("10.0.0.1"), "my-secret-password")
    [lockout] = client(Role.ADMIN).get("/api/users/lockouts").json()["items"]
    assert lockout["username"] is None


def test_sign_ins_beyond_the_queue_are_refused_at_once_and_never_checked_two_at_a_time(
    app: FastAPI, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, running, most = threading.Event(), [], []

    def slow(_password: str, _known: str | None) -> bool:
        running.append(1)
        most.append(len(running))
        go.wait(200)  # until everybody is in the queue, however busy the machine
        running.pop()
        return False

    monkeypatch.setattr(password_checks, "verify_password", slow)
    clients = [at(f"10.0.0.{n}") for n in range(password_checks.MOST_AT_ONCE)]
    crowd = at("10.0.9.9")
    with ThreadPoolExecutor(len(clients)) as pool:
        waiting = [pool.submit(attempt, one, f"name-{n}") for n, one in enumerate(clients)]
        try:
            wait_until(lambda: app.state.gateway.password_checks.count == len(clients), "all are in the queue")
            refused = crowd.post("/api/auth/sign-in", json={"username": "operator", "password": PASSWORD})
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == str(password_checks.RETRY_SECONDS)
            assert not any(one.done() for one in waiting)
        finally:
            go.set()
        assert {one.result() for one in waiting} == {401}
    assert max(most) == 1
