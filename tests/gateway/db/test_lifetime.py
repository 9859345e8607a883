"""What was made while the clock was ahead does not outlive what was promised once the clock is put right."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core.export import ExportKind
from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.lifetime import MOST_SKEW, is_alive
from gateway.db.models import AttemptScope, Export, ExportLink, SignIn, SignInAttempts, Target, Ticket, User
from gateway.db.repositories import sign_in_attempts, tickets, users
from gateway.db.repositories.tickets import TicketFault
from gateway.exports.links import LinkProblem, problem_of
from tests.parts.database import upgrade

AHEAD = timedelta(days=2)
HOURS = timedelta(hours=12)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    upgrade(url)
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def user(database: Database) -> User:
    with database.write() as session:
        user = User(username="ann", display_name="Ann", role=Role.OPERATOR, password_hash="x")
        session.add(user)
    return user


@pytest.mark.parametrize(
    ("made_ago", "is_good"),
    [
        (timedelta(), True),
        (HOURS - timedelta(seconds=1), True),
        (HOURS, False),
        (-MOST_SKEW, True),
        (-MOST_SKEW - timedelta(seconds=1), False),
    ],
)
def test_a_lifetime_has_a_beginning_and_an_end(made_ago: timedelta, is_good: bool) -> None:
    now = utc_now()
    assert is_alive(now - made_ago, now - made_ago + HOURS, now) is is_good


@pytest.mark.parametrize(("ahead", "is_good"), [(timedelta(), True), (AHEAD, False), (-AHEAD, False)])
def test_a_sign_in_of_the_future_has_ended(database: Database, user: User, ahead: timedelta, is_good: bool) -> None:
    made_at = utc_now() + ahead
    with database.write() as session:
        session.add(
            SignIn(token_hash="t", user_id=user.id, address="a", created_at=made_at, expires_at=made_at + HOURS)
        )
    with database.write() as session:
        assert (users.by_sign_in(session, "t") is not None) is is_good
        assert users.is_signed_in_from(session, user.id, "a") is is_good


@pytest.mark.parametrize(("ahead", "stays"), [(timedelta(), True), (AHEAD, True), (-AHEAD, False)])
def test_only_expired_sign_ins_are_deleted(database: Database, user: User, ahead: timedelta, stays: bool) -> None:
    """One of the future is refused; it may be the clock of this gateway that is behind."""
    made_at = utc_now() + ahead
    with database.write() as session:
        session.add(
            SignIn(token_hash="t", user_id=user.id, address="a", created_at=made_at, expires_at=made_at + HOURS)
        )
    with database.write() as session:
        users.drop_expired_sign_ins(session, utc_now())
    with database.read() as session:
        assert (session.exec(select(SignIn)).first() is not None) is stays


@pytest.mark.parametrize(("ahead", "is_good"), [(timedelta(), True), (AHEAD, False)])
def test_a_ticket_of_the_future_opens_nothing(database: Database, user: User, ahead: timedelta, is_good: bool) -> None:
    made_at = utc_now() + ahead
    with database.write() as session:
        target = Target(name="lab", protocol="vnc", host="lab", port=5900)
        session.add(target)
        session.flush()
        session.add(
            Ticket(
                token_hash=hashed("t"),
                user_id=user.id,
                target_id=target.id,
                address="a",
                created_at=made_at,
                expires_at=made_at + HOURS,
            )
        )
    with database.write() as session:
        redeemed = tickets.redeem(session, "t", user_id=user.id, address="a")
        assert isinstance(redeemed, Ticket) is is_good
        assert is_good or redeemed is TicketFault.EXPIRED


@pytest.mark.parametrize(("ahead", "problem"), [(timedelta(), None), (AHEAD, LinkProblem.EXPIRED)])
def test_a_link_of_the_future_gives_nothing(ahead: timedelta, problem: LinkProblem | None) -> None:
    now = utc_now()
    export = Export(
        task_id="t", recording_id="r", kind=ExportKind.BUNDLE, created_by="u", expires_at=now + timedelta(days=30)
    )
    link = ExportLink(
        export_id=export.id,
        token_hash="h",
        recipient="court",
        created_by="u",
        created_at=now + ahead,
        expires_at=now + ahead + HOURS,
        use_limit=3,
    )
    assert problem_of(link, export, now) is problem


@pytest.mark.parametrize(("ahead", "is_current"), [(timedelta(), True), (AHEAD, False)])
def test_nobody_is_locked_out_by_a_window_of_the_future(database: Database, ahead: timedelta, is_current: bool) -> None:
    began_at = utc_now() + ahead
    with database.write() as session:
        session.add(
            SignInAttempts(scope=AttemptScope.NAME, username="ann", began_at=began_at, expires_at=began_at + HOURS)
        )
    with database.read() as session:
        assert bool(sign_in_attempts.current(session, utc_now())) is is_current
        assert bool(sign_in_attempts.expired(session, utc_now())) is not is_current
