from typing import Any

from sqlmodel import select

from gateway.core.policy.access import Role
from gateway.core.session import SessionState
from gateway.db.database import Database
from gateway.db.models import AccessSession, AuditEvent, Credential, Recording, Ticket, User
from gateway.settings import Settings
from gateway.targets.credentials import CredentialVault
from tests.gateway.api.conftest import BOTH_DATABASES, Client
from tests.gateway.proxies.desktop.site import LOOPBACK, dead_port

pytestmark = BOTH_DATABASES

SECRET = "s3cret-of-the-target"
NEW: dict[str, Any] = {
    "name": "db-01",
    "protocol": "rdp",
    "host": "10.0.0.1",
    "port": 3389,
    "parameters": {"ignore-cert": "true"},
    "credential": {"username": "svc", "secret": SECRET},
}


def test_a_secret_goes_in_encrypted_and_never_comes_out(client: Client, database: Database, settings: Settings) -> None:
    admin = client(Role.ADMIN)
    made = admin.post("/api/targets", json=NEW)
    assert made.status_code == 201, made.text
    target = made.json()
    assert target["credential"]["username"] == "svc"
    assert SECRET not in made.text + admin.get("/api/targets").text + admin.get("/api/audit").text
    with database.read() as session:
        [row] = session.exec(select(Credential)).all()
    assert SECRET not in row.encrypted_secret
    assert CredentialVault.open(settings).decrypt(row.encrypted_secret) == SECRET


def test_operators_see_names_and_not_addresses(client: Client) -> None:
    client(Role.ADMIN).post("/api/targets", json=NEW)
    [target] = client(Role.OPERATOR).get("/api/targets").json()["items"]
    assert target["name"] == "db-01"
    assert (target["host"], target["port"], target["parameters"], target["credential"]) == (None, None, None, None)


def test_only_parameters_of_the_form_are_taken(client: Client) -> None:
    for name in ("recording-path", "drive-path", "hostname", "password", "no-such-thing"):
        answer = client(Role.ADMIN).post("/api/targets", json=NEW | {"parameters": {name: "/tmp"}})
        assert answer.status_code == 422
        assert name in answer.json()["detail"]
        assert answer.json()["field"] == f"parameters.{name}"


def test_a_refused_parameter_is_named_with_what_is_allowed(client: Client) -> None:
    refused = {
        "preconnection-id": ("-1", "a number from 0 to 1000000"),
        "security": ("none", "one of any, nla"),
        "ignore-cert": ("yes", "true or false"),
        "domain": ("a" * 1025, "at most 1024"),
        "client-name": ("a\tb", "unprintable"),
    }
    for name, (value, allowed) in refused.items():
        answer = client(Role.ADMIN).post("/api/targets", json=NEW | {"parameters": {name: value}})
        assert answer.status_code == 422
        assert answer.json()["field"] == f"parameters.{name}"
        assert allowed in answer.json()["detail"]


def test_a_field_out_of_bounds_is_refused_with_its_bounds_and_without_what_was_given(client: Client) -> None:
    answer = client(Role.ADMIN).post("/api/targets", json=NEW | {"port": 70_000, "name": SECRET * 20})
    bounds = {entry["loc"][-1]: entry["ctx"] for entry in answer.json()["detail"]}
    assert bounds == {"port": {"le": 65535}, "name": {"max_length": 100}}
    assert SECRET not in answer.text


def test_a_removed_target_is_gone_with_its_credential_and_its_name_is_free(client: Client, database: Database) -> None:
    admin = client(Role.ADMIN)
    target_id = admin.post("/api/targets", json=NEW).json()["id"]
    assert admin.delete(f"/api/targets/{target_id}").status_code == 204
    assert admin.get(f"/api/targets/{target_id}").status_code == 404
    assert admin.post(f"/api/targets/{target_id}/tickets").status_code == 404
    with database.read() as session:
        assert session.exec(select(Credential)).all() == []
    assert admin.post("/api/targets", json=NEW).status_code == 201


def test_changes_are_kept_and_the_rest_stays(client: Client) -> None:
    admin = client(Role.ADMIN)
    target_id = admin.post("/api/targets", json=NEW).json()["id"]
    changed = admin.patch(f"/api/targets/{target_id}", json={"port": 3390, "record_keys": False}).json()
    assert (changed["port"], changed["record_keys"], changed["host"]) == (3390, False, "10.0.0.1")
    assert admin.delete(f"/api/targets/{target_id}/credential").status_code == 204
    assert admin.get(f"/api/targets/{target_id}").json()["credential"] is None


def test_a_target_says_how_its_recordings_are_treated(client: Client) -> None:
    admin = client(Role.ADMIN)
    made = admin.post("/api/targets", json=NEW).json()
    names = ("recording_policy", "index_text", "target_group", "risk_class")
    assert [made[name] for name in names] == ["strict", True, "", "standard"]
    wanted = {"recording_policy": "degrade", "index_text": False, "target_group": " ward 3 ", "risk_class": "vendor"}
    changed = admin.patch(f"/api/targets/{made['id']}", json=wanted).json()
    assert [changed[name] for name in names] == ["degrade", False, "ward 3", "vendor"]
    for name, value in (("recording_policy", "none"), ("risk_class", "low"), ("target_group", "x" * 101)):
        assert admin.patch(f"/api/targets/{made['id']}", json={name: value}).status_code == 422


def test_a_ticket_is_bound_and_only_its_hash_is_kept(client: Client, database: Database) -> None:
    target_id = client(Role.ADMIN).post("/api/targets", json=NEW).json()["id"]
    operator = client(Role.OPERATOR)
    ticket = operator.post(f"/api/targets/{target_id}/tickets").json()["ticket"]
    with database.read() as session:
        [row] = session.exec(select(Ticket)).all()
    assert ticket not in row.model_dump_json()
    assert row.target_id == target_id
    assert row.user_id == operator.get("/api/auth/me").json()["id"]


def test_a_ticket_says_what_the_clipboard_takes(client: Client) -> None:
    admin = client(Role.ADMIN)
    vnc = NEW | {"name": "vnc", "protocol": "vnc", "parameters": {"disable-copy": "true"}}
    odd = NEW | {"name": "odd", "protocol": "vnc", "parameters": {"clipboard-encoding": "UTF-8", "read-only": "true"}}
    rules = []
    for body in (NEW, vnc, odd):
        target_id = admin.post("/api/targets", json=body).json()["id"]
        rules.append(admin.post(f"/api/targets/{target_id}/tickets").json()["clipboard"])
    assert rules == [
        {"may_copy": True, "may_paste": True, "encoding": "UTF-8"},
        {"may_copy": False, "may_paste": True, "encoding": "ISO8859-1"},
        {"may_copy": True, "may_paste": False, "encoding": "UTF-8"},
    ]


def test_a_trial_says_what_was_found_leaves_no_session_and_is_audited(client: Client, database: Database) -> None:
    admin = client(Role.ADMIN)
    target_id = admin.post("/api/targets", json=NEW | {"host": LOOPBACK, "port": dead_port()}).json()["id"]
    found = admin.post(f"/api/targets/{target_id}/trials").json()
    assert (found["reach"], found["sign_in"], found["in_use"]) == ("refused", "not_tried", False)
    assert admin.post("/api/targets/none/trials").status_code == 404
    with database.read() as session:
        assert not session.exec(select(Recording)).all()
        assert not session.exec(select(AccessSession)).all()
        [event] = session.exec(select(AuditEvent).where(AuditEvent.tag == "api:target:tried"))
    assert event.details == {"name": "db-01", "reach": "refused", "sign_in": "not_tried"}


def test_nobody_is_signed_in_over_a_running_session(client: Client, database: Database) -> None:
    admin = client(Role.ADMIN)
    target_id = admin.post("/api/targets", json=NEW | {"host": LOOPBACK, "port": dead_port()}).json()["id"]
    with database.write() as session:
        user = session.exec(select(User)).first()
        assert user is not None
        running = AccessSession(
            user_id=user.id,
            target_id=target_id,
            state=SessionState.ACTIVE,
            operator_name="a",
            target_name="b",
            protocol="rdp",
            client_address="",
            gateway_id="g",
        )
        session.add(running)
    assert admin.post(f"/api/targets/{target_id}/trials").json()["in_use"]


def test_trials_are_bounded(client: Client) -> None:
    admin = client(Role.ADMIN)
    target_id = admin.post("/api/targets", json=NEW | {"host": LOOPBACK, "port": dead_port()}).json()["id"]
    answers = [admin.post(f"/api/targets/{target_id}/trials").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
