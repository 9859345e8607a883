from datetime import UTC, datetime, timedelta

from gateway.core.policy.access import Role
from gateway.core.session import SessionState
from gateway.db.database import Database
from gateway.db.models import AccessSession, Target, User
from gateway.db.repositories import users
from tests.gateway.api.conftest import BOTH_DATABASES, Client

pytestmark = BOTH_DATABASES

FIRST = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def add_sessions(database: Database, username: str, count: int) -> None:
    with database.write() as session:
        user = users.by_username(session, username)
        assert isinstance(user, User)
        target = Target(name=f"target of {username}", protocol="vnc", host="127.0.0.1", port=5900)
        session.add(target)
        session.flush()
        for number in range(count):
            session.add(
                AccessSession(
                    user_id=user.id,
                    target_id=target.id,
                    operator_name=user.username,
                    target_name=target.name,
                    protocol="vnc",
                    state=SessionState.CLOSED,
                    client_address="127.0.0.1",
                    gateway_id="gate",
                    opened_at=FIRST + timedelta(minutes=number // 2),
                )
            )


def test_operators_see_their_own_and_auditors_all(client: Client, database: Database) -> None:
    add_sessions(database, "operator", 2)
    add_sessions(database, "admin", 1)
    assert len(client(Role.OPERATOR).get("/api/sessions").json()["items"]) == 2
    assert len(client(Role.AUDITOR).get("/api/sessions").json()["items"]) == 3


def test_pages_neither_skip_nor_repeat_even_with_equal_times(client: Client, database: Database) -> None:
    add_sessions(database, "operator", 7)
    auditor = client(Role.AUDITOR)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = auditor.get("/api/sessions", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_a_made_up_cursor_gets_a_clear_answer(client: Client) -> None:
    answer = client(Role.AUDITOR).get("/api/sessions", params={"cursor": "xyz"})
    assert answer.status_code == 422
    assert "cursor" in answer.json()["detail"]
