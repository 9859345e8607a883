"""Who gets a tunnel: nobody, unless everything holds."""

import logging
from collections.abc import Callable

import pytest
from sqlmodel import Session
from websockets.exceptions import InvalidStatus

from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.models import Target
from gateway.settings import Settings
from tests.gateway.proxies.desktop.site import LOOPBACK, Operator, Site, dead_port

FORBIDDEN = str(0x0303)


@pytest.fixture
def target(site: Site) -> Target:
    """A target that would be connected to, were it allowed."""
    return site.add_target(Target(name="desk", protocol="vnc", host=LOOPBACK, port=dead_port()))


def is_denied(operator: Operator) -> bool:
    """Tries to open; whether the upgrade itself is refused."""
    with pytest.raises(InvalidStatus) as caught, operator:
        pass
    return caught.value.response.status_code == 403


def refused(operator: Operator) -> str:
    """Opens; the Guacamole status of the refusal."""
    with operator:
        code, reason = operator.wait_closed()
        assert code in {1008, 1011}
        assert operator.messages == [], "something was shown"
        return reason


def cause(site: Site) -> str:
    """Why the trail says the last session was refused, after making sure that none was opened."""
    assert site.sessions() == []
    tag, details = site.audit()[-1]
    assert tag == "tunnel:session:refused"
    found: str = details["cause"]
    return found


def test_without_a_sign_in(site: Site, target: Target) -> None:
    user, _ = site.user()
    assert is_denied(Operator(site.port, "", site.ticket(user, target)))
    assert is_denied(Operator(site.port, "made-up", site.ticket(user, target)))
    assert (site.sessions(), site.audit()) == ([], [])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE])
def test_with_a_role_that_opens_no_targets(site: Site, target: Target, role: Role) -> None:
    user, cookie = site.user(role)
    assert is_denied(Operator(site.port, cookie, site.ticket(user, target)))
    assert cause(site) == "role"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_from_another_site(site: Site, target: Target, origin: str) -> None:
    user, cookie = site.user()
    assert is_denied(Operator(site.port, cookie, site.ticket(user, target), origin=origin))
    assert cause(site) == "origin"


def test_with_another_subprotocol(site: Site, target: Target) -> None:
    user, cookie = site.user()
    assert is_denied(Operator(site.port, cookie, site.ticket(user, target), subprotocol="mqtt"))
    assert cause(site) == "subprotocol"


def test_a_ticket_works_once(site: Site, target: Target) -> None:
    user, cookie = site.user()
    ticket = site.ticket(user, target)
    with Operator(site.port, cookie, ticket) as operator:
        operator.wait_closed()
    assert len(site.sessions()) == 1
    assert refused(Operator(site.port, cookie, ticket)) == FORBIDDEN
    assert len(site.sessions()) == 1
    assert site.audit()[-1] == ("tunnel:session:refused", {"cause": "ticket_used"})


def test_somebody_elses_ticket_is_refused_and_not_used_up(site: Site, target: Target) -> None:
    owner, owners_cookie = site.user()
    _, others_cookie = site.user(name="bob")
    ticket = site.ticket(owner, target)
    assert refused(Operator(site.port, others_cookie, ticket)) == FORBIDDEN
    assert cause(site) == "ticket_other_user"
    with Operator(site.port, owners_cookie, ticket) as operator:
        operator.wait_closed()
    assert len(site.sessions()) == 1


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        (lambda site, user, target: site.ticket(user, target, life_seconds=-1), "ticket_expired"),
        (lambda site, user, target: site.ticket(user, target, address="192.0.2.7"), "ticket_other_address"),
        (lambda *_: "made-up", "ticket_unknown"),
        (lambda *_: "", "ticket_unknown"),
    ],
)
def test_a_ticket_that_does_not_hold(site: Site, target: Target, issue: Callable[..., str], why: str) -> None:
    user, cookie = site.user()
    assert refused(Operator(site.port, cookie, issue(site, user, target))) == FORBIDDEN
    assert cause(site) == why


def test_a_removed_target(site: Site, target: Target) -> None:
    user, cookie = site.user()
    ticket = site.ticket(user, target)
    change(site, target, lambda row: setattr(row, "removed_at", utc_now()))
    assert refused(Operator(site.port, cookie, ticket)) == str(0x0204)
    assert cause(site) == "target"


@pytest.mark.parametrize(
    "name", ["recording-path", "typescript-path", "drive-path", "enable-sftp", "password", "hostname"]
)
def test_parameters_that_are_nobodys_to_set(site: Site, target: Target, name: str) -> None:
    user, cookie = site.user()
    ticket = site.ticket(user, target)
    change(site, target, lambda row: setattr(row, "parameters", {name: "/tmp"}))
    assert refused(Operator(site.port, cookie, ticket)) == str(0x0200)
    assert cause(site) == "parameters"


def test_a_disk_that_is_nearly_full(site: Site, settings: Settings, target: Target) -> None:
    user, cookie = site.user()
    ticket = site.ticket(user, target)
    settings.free_space_floor_bytes = 2**62
    assert refused(Operator(site.port, cookie, ticket)) == str(0x0201)
    assert cause(site) == "free_space"


def test_the_ticket_is_never_logged(site: Site, target: Target, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    user, cookie = site.user()
    first, second = site.ticket(user, target), site.ticket(user, target)
    with Operator(site.port, cookie, first) as operator:
        operator.wait_closed()
    assert is_denied(Operator(site.port, cookie, second, origin="http://evil.example"))
    lines = [record.getMessage() for record in caplog.records if record.name == "uvicorn.error"]
    assert any("/api/tunnel" in line for line in lines), "the server logs sockets no more: is this test still needed?"
    assert not any(first in line or second in line for line in lines)


def change(site: Site, target: Target, how: Callable[[Target], None]) -> None:
    """Change a target's row, past the API."""
    with site.state.database.write() as session:
        row = _row(session, target)
        how(row)
        session.add(row)


def _row(session: Session, target: Target) -> Target:
    row = session.get(Target, target.id)
    assert row is not None
    return row
