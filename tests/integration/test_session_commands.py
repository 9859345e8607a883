"""Running sessions are told from outside, on whichever gateway they run: real guacd, real desktop, two gateways' processes."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx2 as httpx
import pytest
from sqlmodel import col, select

from gateway.core.desktop.notices import Notice, NoticeKind
from gateway.core.policy.access import Role
from gateway.db.database import Database
from gateway.db.models import AuditEvent
from gateway.supervisor.probes import free_port
from tests.gateway.proxies.desktop.site import Operator
from tests.integration.test_live_path import PASSWORD, Application
from tests.parts.desktops import VncDesktop
from tests.parts.guacd import Guacd
from tests.parts.running import wait_until

Gateways = tuple[Application, Application]
Ends = Callable[[httpx.Client, dict[str, Any], Operator], object]


@pytest.fixture(scope="module")
def gateways(tmp_path_factory: pytest.TempPathFactory, guacd: Guacd) -> Iterator[Gateways]:
    """One site, two gateways: sessions run on the first and are told through the second."""
    folder = tmp_path_factory.mktemp("site")
    first = Application(folder, guacd, free_port(), "a").prepare()
    with first, Application(folder, guacd, free_port(), "b") as second:
        yield first, second


@pytest.fixture
def admin(gateways: Gateways) -> Iterator[httpx.Client]:
    with gateways[1].client(Role.ADMIN) as client:
        yield client


@pytest.fixture
def operator(gateways: Gateways, vnc_desktop: VncDesktop, request: pytest.FixtureRequest) -> Iterator[Operator]:
    with gateways[0].tunnel(vnc_desktop, request.node.name) as tunnel:
        tunnel.wait_for("sync")
        yield tunnel


@pytest.fixture
def running(operator: Operator, admin: httpx.Client) -> dict[str, Any]:
    """The operator's session, as the API lists it."""
    assert operator.messages
    [found] = [row for row in admin.get("/api/sessions").json()["items"] if row["state"] == "active"]
    return dict(found)


def command(client: httpx.Client, session: dict[str, Any], verb: str, text: str) -> dict[str, Any]:
    answer = client.post(f"/api/sessions/{session['id']}/commands", json={"verb": verb, "text": text})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def settled(client: httpx.Client, session: dict[str, Any], placed: dict[str, Any]) -> dict[str, Any]:
    """The command, once the gateway has carried it out."""

    def look() -> dict[str, Any]:
        found = client.get(f"/api/sessions/{session['id']}/commands").json()["items"]
        return next(one for one in found if one["id"] == placed["id"])

    wait_until(lambda: look()["state"] != "pending", "the command is settled")
    return look()


def notice(operator: Operator) -> Notice:
    found = Notice.of(operator.wait_for("log"))
    assert found is not None
    return found


def operators_id(admin: httpx.Client) -> str:
    users: list[dict[str, str]] = admin.get("/api/users").json()["items"]
    return next(user["id"] for user in users if user["username"] == Role.OPERATOR)


def change_operator(admin: httpx.Client, **changes: object) -> None:
    admin.patch(f"/api/users/{operators_id(admin)}", json=changes).raise_for_status()


def sign_out(_admin: httpx.Client, _session: dict[str, Any], operator: Operator) -> None:
    with httpx.Client(base_url=operator.origin, headers={**operator.headers, "Origin": operator.origin}) as own:
        own.post("/api/auth/sign-out").raise_for_status()


ENDS: dict[str, tuple[Ends, str, str]] = {
    "by an admin": (
        lambda admin, session, _: command(admin, session, "end", "wrong change window"),
        "terminated",
        "An admin ended the session: wrong change window",
    ),
    "signed out": (sign_out, "signed_out", "you signed out"),
    "disabled": (lambda admin, *_: change_operator(admin, disabled=True), "access_ended", "your account was disabled"),
    "demoted": (
        lambda admin, *_: change_operator(admin, role="auditor"),
        "access_ended",
        "your role does not allow sessions any more",
    ),
    "password changed": (
        lambda admin, *_: change_operator(admin, password="another password for tests"),
        "access_ended",
        "your password was changed",
    ),
    "target removed": (
        lambda admin, session, _: admin.delete(f"/api/targets/{session['target_id']}").raise_for_status(),
        "target_removed",
        "the target was removed",
    ),
}


@pytest.fixture
def _operator_as_before(admin: httpx.Client) -> Iterator[None]:
    yield
    change_operator(admin, disabled=False, role="operator", password=PASSWORD)


@pytest.mark.usefixtures("_operator_as_before")
@pytest.mark.parametrize("how", ENDS)
def test_a_session_ends_with_what_allowed_it(
    how: str, running: dict[str, Any], operator: Operator, admin: httpx.Client, gateways: Gateways
) -> None:
    act, reason, text = ENDS[how]
    act(admin, running, operator)
    error = operator.wait_for("error")
    operator.wait_closed()
    assert error.args[0] == text, "the operator reads why"

    def row() -> dict[str, Any]:
        return next(one for one in admin.get("/api/sessions").json()["items"] if one["id"] == running["id"])

    wait_until(lambda: row()["state"] == "closed", "the rows are closed")
    assert (row()["close_reason"], row()["close_text"]) == (reason, text)
    with closing(Database(gateways[0].settings.database)) as database, database.read() as session:
        events = list(session.exec(select(AuditEvent).where(col(AuditEvent.subject_id) == running["id"])))
    said = {event.tag: event.details for event in events}
    assert said["api:session:commanded"]["text"] == text
    assert said["tunnel:session:closed"]["reason"] == reason


def test_input_is_locked_and_unlocked(running: dict[str, Any], operator: Operator, admin: httpx.Client) -> None:
    placed = command(admin, running, "lock", "wait for the owner")
    shown = notice(operator)
    assert (shown.kind, shown.author, shown.text) == (NoticeKind.LOCK, "An admin", "wait for the owner")
    assert settled(admin, running, placed)["state"] == "done"
    [row] = [one for one in admin.get("/api/sessions").json()["items"] if one["id"] == running["id"]]
    assert row["is_locked"]
    placed = command(admin, running, "unlock", "go on")
    assert notice(operator).kind is NoticeKind.UNLOCK
    assert settled(admin, running, placed)["state"] == "done"


def test_a_message_is_shown_and_acknowledged(running: dict[str, Any], operator: Operator, admin: httpx.Client) -> None:
    placed = command(admin, running, "message", "please stop at 12")
    shown = notice(operator)
    assert (shown.kind, shown.text, shown.notice_id) == (NoticeKind.MESSAGE, "please stop at 12", placed["id"])
    assert settled(admin, running, placed)["acknowledged_at"] is None
    operator.send("", "acknowledged", shown.notice_id)

    def confirmed() -> bool:
        return settled(admin, running, placed)["acknowledged_at"] is not None

    wait_until(confirmed, "the acknowledgement is there")


def test_a_closed_session_takes_no_command(running: dict[str, Any], operator: Operator, admin: httpx.Client) -> None:
    operator.send("disconnect")
    operator.wait_closed()

    def answer() -> httpx.Response:
        return admin.post(f"/api/sessions/{running['id']}/commands", json={"verb": "lock", "text": "x"})

    wait_until(lambda: answer().status_code == 409, "it is refused")
    assert answer().json()["detail"] == "the session has ended"
    assert admin.post("/api/sessions/nobody/commands", json={"verb": "lock", "text": "x"}).status_code == 404
