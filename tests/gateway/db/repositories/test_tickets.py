"""Tickets on both databases: one use, even when two try at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import Target, Ticket, User
from gateway.db.repositories import tickets
from gateway.db.repositories.tickets import TicketFault
from gateway.keys.site import SiteKeys
from gateway.settings import Settings
from tests.parts.database import upgrade

ADDRESS = "192.0.2.1"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    upgrade(url)
    made = Database(url, SiteKeys(Settings(data_dir=tmp_path)))
    yield made
    made.close()


@pytest.fixture
def bound(database: Database) -> dict[str, str]:
    """A user and a target."""
    user = User(username="ann", display_name="Ann", role=Role.OPERATOR, password_hash="-")
    target = Target(name="db-01", protocol="vnc", host="db-01", port=5900)
    with database.write() as session:
        session.add_all([user, target])
    return {"user_id": user.id, "target_id": target.id}


def issue(database: Database, bound: dict[str, str], life_seconds: float = 30) -> str:
    with database.write() as session:
        return tickets.issue(session, **bound, address=ADDRESS, life_seconds=life_seconds)[0]


def redeem(database: Database, token: str, user_id: str, address: str = ADDRESS) -> Ticket | TicketFault:
    with database.write() as session:
        return tickets.redeem(session, token, user_id=user_id, address=address)


def test_a_ticket_leads_to_its_target_once(database: Database, bound: dict[str, str]) -> None:
    token = issue(database, bound)
    redeemed = redeem(database, token, bound["user_id"])
    assert isinstance(redeemed, Ticket)
    assert redeemed.target_id == bound["target_id"]
    assert redeem(database, token, bound["user_id"]) is TicketFault.USED


def test_of_many_who_try_at_once_one_succeeds(database: Database, bound: dict[str, str]) -> None:
    token = issue(database, bound)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: redeem(database, token, bound["user_id"]), range(8)))
    assert sorted(isinstance(outcome, Ticket) for outcome in outcomes) == [False] * 7 + [True]


def test_whom_it_is_not_for_cannot_use_it_up(database: Database, bound: dict[str, str]) -> None:
    token = issue(database, bound)
    assert redeem(database, token, "somebody-else") is TicketFault.OTHER_USER
    assert redeem(database, token, bound["user_id"], "192.0.2.2") is TicketFault.OTHER_ADDRESS
    assert isinstance(redeem(database, token, bound["user_id"]), Ticket)


def test_it_expires(database: Database, bound: dict[str, str]) -> None:
    token = issue(database, bound, life_seconds=0)
    assert redeem(database, token, bound["user_id"]) is TicketFault.EXPIRED


def test_the_token_is_not_in_the_database(database: Database, bound: dict[str, str]) -> None:
    token = issue(database, bound)
    with database.read() as session:
        assert token not in str([row.model_dump() for row in session.exec(select(Ticket))])


def test_old_ones_are_dropped(database: Database, bound: dict[str, str]) -> None:
    old, used = issue(database, bound), issue(database, bound)
    with database.write() as session:
        for row in session.exec(select(Ticket)).all():
            row.expires_at = utc_now() - timedelta(days=2)
            session.add(row)
    issue(database, bound)
    assert redeem(database, old, bound["user_id"]) is TicketFault.UNKNOWN
    assert redeem(database, used, bound["user_id"]) is TicketFault.UNKNOWN
