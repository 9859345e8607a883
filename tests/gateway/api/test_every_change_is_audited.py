"""Every route that changes something is called once with success, and must have left an event in the audit trail.

A new route fails `test_every_changing_route_is_here` until it is entered in CALLS with what makes it succeed, or, when
it changes nothing although its method says so, in CHANGES_NOTHING with the reason; that is then checked too.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from fastapi.routing import APIWebSocketRoute
from fastapi.testclient import TestClient
from sqlmodel import Session, col, func, select
from starlette.websockets import WebSocketDisconnect

from gateway.app import declared_routes
from gateway.audit import AuditTag
from gateway.core.export import ExportKind
from gateway.core.finding import Match, Verdict
from gateway.core.policy.access import Role
from gateway.core.policy.retention import RiskClass
from gateway.core.recording.geometry import Box
from gateway.core.recording.place import place_as_dict
from gateway.core.recording.states import RecordingState, SpanSource
from gateway.core.session import SessionState
from gateway.core.work import StageName, TaskKind, WorkState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import (
    AccessSession,
    AttemptScope,
    AuditEvent,
    Credential,
    Export,
    ExportLink,
    Finding,
    Hold,
    Purge,
    Recording,
    RetentionPolicy,
    SignInAttempts,
    Target,
    Task,
    User,
    WatchTerm,
)
from gateway.db.repositories import stages, tickets
from gateway.settings import Settings
from gateway.targets.credentials import CredentialVault
from tests.gateway.api.conftest import PASSWORD, Client

CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SOCKET: Final = "WEBSOCKET"
Route = tuple[str, str]
POLICY: Final = {"name": "Vendors too", "risk_class": "vendor", "retain_for_days": 400}


@dataclass(frozen=True)
class Call:
    """What makes the route succeed: parts of its path, query and body."""

    path: dict[str, str] = field(default_factory=dict)
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """Where a call's rows are made: in one writing transaction, as the administrator who then calls."""

    session: Session
    settings: Settings
    admin: User

    def add(self, *rows: Any) -> None:
        """Put rows in, in this task."""
        for row in rows:
            self.session.add(row)
            self.session.flush()

    def target(self) -> Target:
        """A target with its credential; nobody listens there."""
        target = Target(name="lab", protocol="vnc", host="127.0.0.1", port=9)
        secret = CredentialVault.open(self.settings).encrypt("secret")
        self.add(target)
        self.add(Credential(target_id=target.id, username="root", encrypted_secret=secret))
        return target

    def recording(self, **columns: Any) -> Recording:
        """A sealed recording whose stages are all done."""
        usual: dict[str, Any] = {
            "state": RecordingState.SEALED,
            "folder": "recordings/2026/03/01/one",
            "target_name": "lab",
            "operator_name": "Olga",
            "size_bytes": 1,
            "digest": "0" * 64,
        }
        made = Recording(**usual | columns)
        self.add(made)
        stages.ensure(self.session, made)
        for stage in stages.of_recording(self.session, made.id).values():
            stage.state = WorkState.DONE
            self.add(stage)
        return made

    def watch_term(self) -> WatchTerm:
        """An enabled watch term."""
        term = WatchTerm(name="Passwords", query="password", created_by=self.admin.id)
        self.add(term)
        return term


def _export(world: World) -> Export:
    """A finished one, whose file is kept for another day."""
    recording = world.recording()
    task = Task(
        kind=TaskKind.EXPORT,
        recording_id=recording.id,
        requested_by=world.admin.id,
        requested_by_name="admin",
        state=WorkState.DONE,
    )
    world.add(task)
    export = Export(
        task_id=task.id,
        recording_id=recording.id,
        kind=ExportKind.BUNDLE,
        created_by=world.admin.id,
        expires_at=utc_now() + timedelta(days=1),
        name="bundle.zip",
        size_bytes=1,
        sha256="0" * 64,
    )
    world.add(export)
    return export


def _link(world: World) -> Call:
    export = _export(world)
    link = ExportLink(
        export_id=export.id,
        token_hash="0" * 64,
        recipient="the court",
        created_by=world.admin.id,
        expires_at=export.expires_at,
        use_limit=1,
    )
    world.add(link)
    return Call({"export_id": export.id, "link_id": link.id})


def _user(world: World) -> Call:
    other = User(username="bob", display_name="Bob", role=Role.OPERATOR, password_hash="-")
    world.add(other)
    return Call({"user_id": other.id}, {"display_name": "Robert"})


def _lockout(world: World) -> Call:
    row = SignInAttempts(
        scope=AttemptScope.ADDRESS, address="10.0.0.1", began_at=utc_now(), expires_at=utc_now() + timedelta(hours=1)
    )
    world.add(row)
    return Call({"lockout_id": row.id})


def _failed_stage(world: World) -> Call:
    recording = world.recording()
    stage = stages.of_recording(world.session, recording.id)[StageName.RENDER]
    stage.state, stage.error = WorkState.FAILED, "broken"
    world.add(stage)
    return Call({"recording_id": recording.id, "name": "render"})


def _finding(world: World) -> Call:
    recording, term = world.recording(), world.watch_term()
    finding = Finding(
        watch_term_id=term.id,
        recording_id=recording.id,
        digest="0" * 64,
        at=utc_now(),
        text="password",
        start_ms=0,
        end_ms=1,
        place=place_as_dict(Box(0, 0, 1, 1)),
        source=SpanSource.SCREEN,
        match=Match.EXACT,
    )
    world.add(finding)
    return Call({"finding_id": finding.id}, {"verdict": Verdict.CONFIRMED, "comment": "look"})


def _findings(world: World) -> Call:
    of_one = _finding(world)
    return Call(body={"finding_ids": [of_one.path["finding_id"]], "verdict": Verdict.DISMISSED})


def _past(world: World) -> Recording:
    """Nothing but a person's mark keeps it."""
    long_ago = utc_now() - timedelta(days=4000)
    return world.recording(started_at=long_ago, closed_at=long_ago, retain_until_at=long_ago, purge_after_at=None)


def _hold(world: World) -> Call:
    recording = world.recording()
    hold = Hold(recording_id=recording.id, reason="a case", owner_id=world.admin.id, owner_name="admin")
    world.add(hold)
    return Call({"hold_id": hold.id}, {"reason": "closed"})


def _purge(world: World) -> Call:
    purge = Purge(recording_id=_past(world).id, reason="asked for", marked_by_name="admin", due_at=utc_now())
    world.add(purge)
    return Call({"purge_id": purge.id}, {"reason": "needed after all"})


def _policy(world: World) -> RetentionPolicy:
    policy = RetentionPolicy(name="Vendors", risk_class=RiskClass.VENDOR, retain_for_days=10)
    world.add(policy)
    return policy


def _session(world: World) -> Call:
    running = AccessSession(
        user_id=world.admin.id,
        target_id=world.target().id,
        operator_name="admin",
        target_name="lab",
        protocol="vnc",
        state=SessionState.ACTIVE,
        client_address="10.0.0.1",
        gateway_id="another",
    )
    world.add(running)
    return Call({"session_id": running.id}, {"verb": "lock", "text": "wait"})


def _tunnel(world: World) -> Call:
    ticket, _row = tickets.issue(
        world.session, user_id=world.admin.id, target_id=world.target().id, address="testclient", life_seconds=30
    )
    return Call(query={"ticket": ticket, "width": "800", "height": "600", "dpi": "96"})


CALLS: Final[dict[Route, Callable[[World], Call]]] = {
    ("POST", "/api/auth/sign-in"): lambda _: Call(body={"username": "admin", "password": PASSWORD}),
    ("POST", "/api/auth/sign-out"): lambda _: Call(),
    ("POST", "/api/users"): lambda _: Call(
        body={"username": "eve", "display_name": "Eve", "role": "operator", "password": PASSWORD}
    ),
    ("PATCH", "/api/users/{user_id}"): _user,
    ("POST", "/api/targets"): lambda _: Call(
        body={"name": "new", "protocol": "vnc", "host": "127.0.0.1", "port": 5900}
    ),
    ("PATCH", "/api/targets/{target_id}"): lambda world: Call({"target_id": world.target().id}, {"name": "other"}),
    ("DELETE", "/api/targets/{target_id}"): lambda world: Call({"target_id": world.target().id}),
    ("PUT", "/api/targets/{target_id}/credential"): lambda world: Call(
        {"target_id": world.target().id}, {"username": "root", "secret": "secret"}
    ),
    ("DELETE", "/api/users/lockouts/{lockout_id}"): _lockout,
    ("DELETE", "/api/targets/{target_id}/credential"): lambda world: Call({"target_id": world.target().id}),
    ("POST", "/api/targets/{target_id}/tickets"): lambda world: Call({"target_id": world.target().id}),
    ("POST", "/api/targets/{target_id}/trials"): lambda world: Call({"target_id": world.target().id}),
    ("POST", "/api/sessions/{session_id}/commands"): _session,
    ("POST", "/api/recordings/{recording_id}/stages/{name}/retry"): _failed_stage,
    ("POST", "/api/recordings/retry"): lambda world: Call(body={}) if _failed_stage(world) else Call(),
    ("POST", "/api/recordings/{recording_id}/reread"): lambda world: Call({"recording_id": world.recording().id}, {}),
    ("POST", "/api/watch_terms"): lambda _: Call(body={"name": "Keys", "query": "secret"}),
    ("PATCH", "/api/watch_terms/{watch_term_id}"): lambda world: Call(
        {"watch_term_id": world.watch_term().id}, {"name": "Other"}
    ),
    ("POST", "/api/watch_terms/{watch_term_id}/backlog"): lambda world: Call({"watch_term_id": world.watch_term().id}),
    ("PATCH", "/api/findings/{finding_id}"): _finding,
    ("POST", "/api/findings/review"): _findings,
    ("POST", "/api/recordings/{recording_id}/restore"): lambda world: Call(
        {"recording_id": world.recording(state=RecordingState.ARCHIVED).id}, {}
    ),
    ("POST", "/api/holds"): lambda world: Call(body={"recording_ids": [world.recording().id], "reason": "a case"}),
    ("POST", "/api/holds/{hold_id}/release"): _hold,
    ("POST", "/api/purges"): lambda world: Call(body={"recording_ids": [_past(world).id], "reason": "asked for"}),
    ("POST", "/api/purges/{purge_id}/cancel"): _purge,
    ("POST", "/api/retention_policies"): lambda _: Call(body=POLICY),
    ("PUT", "/api/retention_policies/{policy_id}"): lambda world: Call({"policy_id": _policy(world).id}, POLICY),
    ("DELETE", "/api/retention_policies/{policy_id}"): lambda world: Call({"policy_id": _policy(world).id}),
    ("POST", "/api/audit/trail/check"): lambda _: Call(),
    ("POST", "/api/storage/reconcile"): lambda _: Call(body={}),
    ("POST", "/api/recordings/{recording_id}/verify"): lambda world: Call({"recording_id": world.recording().id}, {}),
    ("POST", "/api/recordings/{recording_id}/exports"): lambda world: Call(
        {"recording_id": world.recording().id}, {"kind": "bundle"}
    ),
    ("POST", "/api/exports/{export_id}/links"): lambda world: Call(
        {"export_id": _export(world).id}, {"recipient": "the court"}
    ),
    ("DELETE", "/api/exports/{export_id}/links/{link_id}"): _link,
    (SOCKET, "/api/tunnel"): _tunnel,
}
# Called without an account, and not with JSON: the test that is named calls it and looks for the event.
ELSEWHERE: Final[dict[Route, str]] = {
    ("POST", "/api/export_links/download"): "tests/gateway/api/test_exports.py",
}
# Route to reason. Whoever adds one says why a method that changes things changes nothing.
CHANGES_NOTHING: Final[dict[Route, tuple[str, Callable[[World], Call]]]] = {
    ("POST", "/api/retention_policies/preview"): (
        "says what saving a policy would do; the policy is in the body",
        lambda _: Call(body={"policy": POLICY}),
    ),
    ("POST", "/api/export_links/describe"): (
        "says what a link is for; its secret is in the body, where no log sees it",
        lambda _: Call(body={"secret": "unknown"}),
    ),
}


def changing_routes() -> set[Route]:
    found: set[Route] = set()
    for path, route in declared_routes():
        methods = {SOCKET} if isinstance(route, APIWebSocketRoute) else (route.methods or set()) & CHANGING
        found |= {(method, path) for method in methods}
    return found


@pytest.fixture
def admin(client: Client) -> TestClient:
    return client(Role.ADMIN)


def test_every_changing_route_is_here() -> None:
    assert changing_routes() == CALLS.keys() | CHANGES_NOTHING.keys() | ELSEWHERE.keys()
    assert not CALLS.keys() & CHANGES_NOTHING.keys()


@pytest.mark.parametrize("route", CALLS, ids=" ".join)
def test_a_change_leaves_an_event(route: Route, admin: TestClient, database: Database, settings: Settings) -> None:
    call = prepared(CALLS[route], database, settings)
    before = last_event(database)
    do(admin, route, call)
    with database.read() as session:
        new = session.exec(select(AuditEvent).where(col(AuditEvent.id) > before).order_by(col(AuditEvent.id))).all()
    assert new, f"{' '.join(route)} changed something, and nothing of it is in the audit trail"
    assert new[0].actor_name == "admin"
    assert AuditTag(new[0].tag)


def test_what_is_said_to_change_nothing_changes_nothing(
    admin: TestClient, database: Database, settings: Settings
) -> None:
    for route, (reason, build) in CHANGES_NOTHING.items():
        call = prepared(build, database, settings)
        before = content(settings)
        do(admin, route, call)
        assert content(settings) == before, f"{' '.join(route)}: {reason}"


def prepared(build: Callable[[World], Call], database: Database, settings: Settings) -> Call:
    with database.write() as session:
        caller = session.exec(select(User).where(User.username == "admin")).one()
        return build(World(session, settings, caller))


def do(client: TestClient, route: Route, call: Call) -> None:
    method, path = route
    filled = path.format(**call.path)
    if method == SOCKET:
        converse(client, filled, call)
        return
    answer = client.request(method, filled, json=call.body, params=call.query)
    assert answer.is_success, f"{' '.join(route)} gave {answer.status_code}: {answer.text}"


def converse(client: TestClient, path: str, call: Call) -> None:
    """A session that opens, and ends because there is no guacd."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {"origin": "http://gate.test", "cookie": cookies}
    query = "&".join(f"{name}={value}" for name, value in call.query.items())
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(f"{path}?{query}", ["guacamole"], headers=headers) as socket,
    ):
        while True:
            socket.receive_text()


def last_event(database: Database) -> int:
    with database.read() as session:
        return session.exec(select(func.max(AuditEvent.id))).one() or 0


def content(settings: Settings) -> list[str]:
    """Everything in the database, as statements that would make it again."""
    connection = sqlite3.connect(settings.data_dir / "reelgate.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()
